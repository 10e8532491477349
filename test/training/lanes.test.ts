import { describe, expect, it } from 'vitest';
import { stepsOf, walkLanes } from '../../src/training/lanes.js';
import { range, seed, seeded } from '../support/arrays.js';

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

/** Windows of each sequence, and lanes. */
function randomEpoch(i: number) {
  const random = seeded(i);
  const counts = range(1, random.below(40)).map(() => 1 + Math.floor(12 * random.uniform() ** 3));
  return { counts, lanes: 1 + random.below(8), order: random.permutation(counts.length) };
}

/** [step] of windows with their lanes. */
function stepsIn({ counts, lanes, order }: ReturnType<typeof randomEpoch>) {
  const { windows, lanes: lanesOf, bounds } = walkLanes(counts, order, lanes);
  return Array.from(bounds.subarray(1), (end, step) =>
    range(bounds[step], end - 1).map((i) => ({ window: windows[i], lane: lanesOf[i] })),
  );
}

describe(`the lanes of an epoch, seed ${seed}`, () => {
  const epochs = range(1, 300).map(randomEpoch);

  it('have every window once, one a lane in a step', () => {
    for (const epoch of epochs) {
      const steps = stepsIn(epoch);
      const windows = epoch.counts.reduce((sum, count) => sum + count, 0);
      expect(sorted(steps.flat().map(({ window }) => window))).toEqual(range(0, windows - 1));
      for (const step of steps) expect(new Set(step.map(({ lane }) => lane)).size).toBe(step.length);
    }
  });

  it('take the windows of a sequence one behind the other, in one lane', () => {
    for (const epoch of epochs) {
      const steps = stepsIn(epoch);
      const places = new Map(
        steps.flatMap((step, at) => step.map(({ window, lane }) => [window, { at, lane }] as const)),
      );
      let window = 0;
      for (const count of epoch.counts) {
        const { at, lane } = places.get(window)!;
        for (let i = 0; i < count; i++) expect(places.get(window++)).toEqual({ at: at + i, lane });
      }
    }
  });

  it('take as many steps in whatever order, and hardly more than they must', () => {
    for (const { counts, lanes, order } of epochs) {
      const steps = stepsOf(counts, lanes);
      for (const i of [1, 2]) {
        const other = seeded(i).permutation(counts.length);
        expect(walkLanes(counts, other, lanes).bounds).toHaveLength(steps + 1);
      }
      expect(walkLanes(counts, order, lanes).bounds).toHaveLength(steps + 1);
      const windows = counts.reduce((sum, count) => sum + count, 0);
      expect(steps).toBeLessThan(windows / lanes + Math.max(...counts, 1));
    }
  });

  it('of sequences of one window are batches of the order, cut at every so-manieth', () => {
    for (const { order, lanes } of epochs) {
      const counts = [...order].map(() => 1);
      const steps = stepsIn({ counts, lanes, order });
      expect(steps.map((step) => step.map(({ window }) => window))).toEqual(
        range(1, Math.ceil(order.length / lanes)).map((step) => [
          ...order.subarray((step - 1) * lanes, step * lanes),
        ]),
      );
    }
  });
});
