import { describe, expect, it } from 'vitest';
import type { Random } from '../../src/core/random.js';
import { stepsOf, walkLanes } from '../../src/training/lanes.js';
import { cutIntoShards } from '../../src/training/shards.js';
import { range, seed, seeded } from '../support/arrays.js';

interface Epoch {
  /** Tokens of each sentence. */
  readonly lengths: readonly number[];
  readonly order: Int32Array;
  readonly batch: number;
  readonly shards: number;
}

/** Any number of sentences, batches and shards; of some epochs all sentences are as long, of some a few are very long. */
function randomEpoch(random: Random): Epoch {
  const count = random.below(60);
  const longest = [1, 5, 40, 1000][random.below(4)];
  const lengths = Array.from({ length: count }, () => 1 + Math.floor(longest * random.uniform() ** 3));
  const [batch, shards] = [1 + random.below(random.below(2) ? 8 : 70), 1 + random.below(9)];
  return { lengths, order: random.permutation(count), batch, shards };
}

/** [step][shard][sentence] */
function shardsOf({ lengths, order, batch, shards }: Epoch): number[][][] {
  const single = lengths.map(() => 1);
  const cut = cutIntoShards(walkLanes(single, order, batch), (sentence) => lengths[sentence], shards);
  const steps = stepsOf(single, batch);
  expect(cut.bounds).toHaveLength(steps * shards + 1);
  expect([...cut.bounds]).toEqual([...cut.bounds].sort((a, b) => a - b));
  expect([cut.bounds[0], cut.bounds.at(-1)]).toEqual([0, order.length]);
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: shards }, (_, shard) => {
      const [first, end] = [0, 1].map((i) => cut.bounds[step * shards + shard + i]);
      return [...cut.windows.subarray(first, end)];
    }),
  );
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);
const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

describe(`the shards of an epoch, seed ${seed}`, () => {
  const epochs = range(1, 400).map((i) => randomEpoch(seeded(i)));
  const each = (see: (epoch: Epoch, steps: number[][][]) => void) => {
    for (const epoch of epochs) see(epoch, shardsOf(epoch));
  };

  it('hold the sentences of their own step, each once', () => {
    each(({ order, batch }, steps) => {
      steps.forEach((shards, step) => {
        const own = order.subarray(step * batch, (step + 1) * batch);
        expect(sorted(shards.flat())).toEqual(sorted(own));
      });
      expect(sorted(steps.flat(2))).toEqual(sorted(order));
    });
  });

  it('go from large to small, and their sentences from long to short', () => {
    each(({ lengths }, steps) => {
      for (const shards of steps) {
        const sizes = shards.map((shard) => total(shard.map((sentence) => lengths[sentence])));
        expect(sizes).toEqual(sorted(sizes).reverse());
        for (const shard of shards) {
          const tokens = shard.map((sentence) => lengths[sentence]);
          expect(tokens).toEqual(sorted(tokens).reverse());
        }
      }
    });
  });

  it('differ by the longest sentence at most', () => {
    each(({ lengths }, steps) => {
      for (const shards of steps) {
        const sizes = shards.map((shard) => total(shard.map((sentence) => lengths[sentence])));
        const longest = Math.max(...shards.flat().map((sentence) => lengths[sentence]));
        expect(Math.max(...sizes) - Math.min(...sizes), sizes.join()).toBeLessThanOrEqual(longest);
      }
    });
  });

  it('without a sentence come last, and are there where a step has fewer sentences than shards', () => {
    each(({ shards: wanted }, steps) => {
      for (const shards of steps) {
        const filled = shards.filter((shard) => shard.length > 0);
        expect(shards).toEqual([...filled, ...new Array(wanted - filled.length).fill([])]);
      }
    });
    const epoch = { lengths: [3, 5, 4], order: Int32Array.of(2, 0, 1), batch: 2, shards: 4 };
    expect(shardsOf(epoch)).toEqual([
      [[2], [0], [], []],
      [[1], [], [], []],
    ]);
  });

  it('are the same every time, and do not depend on the order within a step', () => {
    const random = seeded(0);
    each((epoch, steps) => {
      expect(shardsOf(epoch)).toEqual(steps);
      const { order, batch } = epoch;
      const shuffled = steps.flatMap((_, step) => {
        const own = order.subarray(step * batch, (step + 1) * batch);
        return Array.from(random.permutation(own.length), (i) => own[i]);
      });
      expect(shardsOf({ ...epoch, order: Int32Array.from(shuffled) })).toEqual(steps);
    });
  });

  it('of an epoch of no sentences are none', () => {
    expect(shardsOf({ lengths: [], order: new Int32Array(0), batch: 10, shards: 4 })).toEqual([]);
  });
});
