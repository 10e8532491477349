import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import {
  defaultRungs,
  type HalvingPlan,
  halve,
  type Rung,
  rungSizes,
} from '../../src/pipeline/search/halving.js';

const trials = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const plan: HalvingPlan = { trials: trials(16), epochs: [2, 6, 18], reduction: 3 };

/** Halves with a score for each trial and number of epochs; `known` is what an earlier search has left. */
async function search(
  score: (trial: number, epochs: number) => number,
  more: Partial<HalvingPlan> = {},
  known = new Map<string, number>(),
) {
  const trained: string[] = [];
  async function* train({ epochs, trials }: Rung): AsyncGenerator<string, Map<number, number>> {
    for (const trial of trials) {
      const training = `${trial} to ${epochs}`;
      if (known.has(training)) continue;
      trained.push(training);
      known.set(training, score(trial, epochs));
      yield training;
    }
    return new Map(trials.map((trial) => [trial, known.get(`${trial} to ${epochs}`) ?? Number.NaN]));
  }
  const run = halve({ ...plan, ...more }, train);
  let next = await run.next();
  while (!next.done) next = await run.next();
  return { ranked: next.value, trained, known };
}

/** Trials get better with epochs, each at its own pace; the peak is trial 11. */
const peak = (trial: number, epochs: number) => 90 - (trial - 11) ** 2 - 30 / epochs;

describe('successive halving', () => {
  it('finds the best trial, and trains exactly 16, 5 and 1', async () => {
    const { ranked, trained } = await search(peak);
    expect(ranked).toEqual([[11, peak(11, 18)]]);
    const after = (epochs: number) => trained.filter((each) => each.endsWith(` to ${epochs}`));
    expect(after(2)).toEqual(trials(16).map((trial) => `${trial} to 2`));
    expect(after(6)).toEqual([9, 10, 11, 12, 13].map((trial) => `${trial} to 6`));
    expect(after(18)).toEqual(['11 to 18']);
  });

  it.each([
    [16, [2, 6, 18], 3, [16, 5, 1]],
    [27, [1, 3, 9, 27], 3, [27, 9, 3, 1]],
    [9, [1, 2], 2, [9, 4]],
    [2, [1, 2, 4], 3, [2, 1, 1]],
    [5, [7], 3, [5]],
  ])(
    'of %i trials over the rungs %j with reduction %i trains %j',
    async (count, epochs, reduction, sizes) => {
      const given = { trials: trials(count), epochs, reduction };
      const { trained } = await search(peak, given);
      expect(rungSizes(given)).toEqual(sizes);
      expect(epochs.map((rung) => trained.filter((each) => each.endsWith(` to ${rung}`)).length)).toEqual(
        sizes,
      );
    },
  );

  it('ranks the last rung, equal scores by number', async () => {
    const { ranked } = await search((trial) => (trial === 4 ? 9 : 5), { epochs: [1, 2] });
    expect(ranked.map(([trial]) => trial)).toEqual([4, 1, 2, 3, 5]);
  });

  it('broken off anywhere and begun again trains nothing twice, and ends the same', async () => {
    const whole = await search(peak);
    for (let stop = 0; stop <= whole.trained.length; stop++) {
      const known = new Map(whole.trained.slice(0, stop).map((each) => [each, whole.known.get(each) ?? 0]));
      const { ranked, trained } = await search(peak, {}, known);
      expect(trained).toEqual(whole.trained.slice(stop));
      expect(ranked).toEqual(whole.ranked);
    }
  });

  it('ends with what it has when a rung is not finished', async () => {
    const rungs: number[] = [];
    async function* train({ rung, trials }: Rung): AsyncGenerator<never, Map<number, number> | undefined> {
      rungs.push(rung);
      return rung === 2 ? undefined : new Map(trials.map((trial) => [trial, trial]));
    }
    expect(await halve(plan, train).next()).toEqual({ done: true, value: [] });
    expect(rungs).toEqual([1, 2]);
  });

  it('never lets a failed trial go on', async () => {
    const score = (trial: number) => (trial < 15 ? Number.NEGATIVE_INFINITY : trial);
    const { ranked, trained } = await search(score);
    expect(trained.slice(16)).toEqual(['15 to 6', '16 to 6', '16 to 18']);
    expect(ranked).toEqual([[16, 16]]);
  });

  it('in which every trial fails is an error', async () => {
    const failure = search(() => Number.NEGATIVE_INFINITY);
    await expect(failure).rejects.toThrow(TaggerError);
    await expect(failure).rejects.toMatchObject({ code: 'E_TRAINING' });
  });
});

describe('the usual rungs', () => {
  it.each([
    [16, 3, 18, [2, 6, 18]],
    [16, 3, 100, [11, 33, 100]],
    [2, 3, 40, [40]],
    [100, 2, 5, [1, 3, 5]],
    [1000, 3, 1, [1]],
  ])('of %i trials, reduction %i and %i epochs are %j', (count, reduction, epochs, expected) => {
    expect(defaultRungs(count, reduction, epochs)).toEqual(expected);
  });

  it('rise, and end with the epochs of the pipeline', () => {
    for (let epochs = 1; epochs <= 60; epochs++) {
      for (const reduction of [2, 3, 4]) {
        const rungs = defaultRungs(64, reduction, epochs);
        expect(rungs.at(-1)).toBe(epochs);
        expect(rungs.every((rung, i) => i === 0 || rung > rungs[i - 1])).toBe(true);
      }
    }
  });
});
