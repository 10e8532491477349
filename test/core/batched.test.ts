import { describe, expect, it } from 'vitest';
import { type BatchOptions, batched } from '../../src/core/batched.js';
import { range, seed, seeded } from '../support/arrays.js';
import {
  dawdle,
  deferred,
  Numbers,
  never,
  outcome,
  refuseUnhandledRejections,
  settled,
} from '../support/streams.js';

refuseUnhandledRejections();

/** Patient enough that only the stream ends a batch. */
const size: BatchOptions<number> = { count: 3, weight: 10, weightOf: (item) => item, patience: 60_000 };

describe(`batches of a stream, seed ${seed}`, () => {
  it('hold all items in order, as many as fit and no more', async () => {
    for (let round = 0; round < 300; round++) {
      const random = seeded(round);
      const total = random.below(60);
      const [count, weight] = [1 + random.below(6), random.below(12)];
      const weights = range(1, total).map(() => random.below(5));
      const weigh = (items: readonly number[]) => items.reduce((sum, item) => sum + weights[item], 0);
      const items = new Numbers(total, () => dawdle(random));
      const options = { count, weight, weightOf: (item: number) => weights[item], patience: 60_000 };
      const batches: number[][] = [];
      for await (const batch of batched(items, options)) {
        batches.push(batch);
        await dawdle(random);
      }
      expect(batches.flat(), `round ${round}`).toEqual(range(0, total - 1));
      batches.forEach((batch, b) => {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(count);
        // Only the item that makes it heavy enough may make it heavier than that.
        if (batch.length > 1) expect(weigh(batch.slice(0, -1))).toBeLessThan(weight);
        const isFull = batch.length === count || weigh(batch) >= weight;
        expect(isFull || b === batches.length - 1, `batch ${b} of round ${round} is full`).toBe(true);
      });
      expect(items.isClosed).toBe(true);
    }
  });

  it('are none of an empty stream', async () => {
    expect(await outcome(batched(new Numbers(0), size))).toEqual({ given: [] });
  });

  it('do not wait for a next item where they are full', async () => {
    const items = new Numbers(5, (item) => (item === 3 ? never : Promise.resolve()));
    const batches = batched(items, size);
    expect((await batches.next()).value).toEqual([0, 1, 2]);
    expect(items.drawn).toBe(3);
  });

  it('do not keep back what a stream gave before it pauses, and lose nothing of what comes late', async () => {
    const late = deferred();
    const items = new Numbers(4, (item) => (item === 2 ? late.promise : Promise.resolve()));
    const batches = batched(items, { ...size, patience: 1 });
    expect((await batches.next()).value).toEqual([0, 1]);
    const next = batches.next();
    late.resolve();
    expect((await next).value).toEqual([2, 3]);
    expect((await batches.next()).done).toBe(true);
  });

  it('come before an error of the stream', async () => {
    const broken = new Error('broken stream');
    const items = new Numbers(9, async (item) => {
      if (item === 4) throw broken;
    });
    const expected = { given: [[0, 1, 2], [3]], error: broken };
    expect(await outcome(batched(items, { ...size, weight: 100 }))).toEqual(expected);
  });

  it('come before an error that the stream throws after a pause', async () => {
    const late = deferred();
    const items = new Numbers(9, (item) => (item === 1 ? late.promise : Promise.resolve()));
    const batches = batched(items, { ...size, patience: 1 });
    expect((await batches.next()).value).toEqual([0]);
    late.reject(new Error('too late'));
    // Nobody listens yet.
    await settled();
    await expect(batches.next()).rejects.toThrow('too late');
  });
});

describe('a reader that leaves batches', () => {
  it('closes the stream', async () => {
    const items = new Numbers();
    for await (const _ of batched(items, size)) break;
    expect(items.isClosed).toBe(true);
  });

  it('does not wait for an item that never comes, nor mind an error that comes too late', async () => {
    const late = deferred();
    const items = new Numbers(9, (item) => (item === 1 ? late.promise : Promise.resolve()));
    for await (const batch of batched(items, { ...size, patience: 1 })) {
      expect(batch).toEqual([0]);
      break;
    }
    late.reject(new Error('too late'));
  });
});
