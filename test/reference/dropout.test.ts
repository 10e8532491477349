import { expect, it } from 'vitest';
import { hash } from '../../src/core/random.js';
import { combine, numbers, seeded, sizes } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose } from '../support/close.js';
import type { GuardedMemory } from '../support/memory.js';

type Keys = readonly [number, number];

const rates = [0, 0.1, 0.25, 0.5, 0.9];
const keys: readonly Keys[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 0x7fffffff],
  [123456789, -987654321],
];
const MANY = 100_000;

/** Five standard deviations: a fair count lies outside once in a million. */
function expectShare(count: number, n: number, p: number, what: string): void {
  const distance = Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p) || 1);
  expect(distance, `${what}: ${count} of ${n}, in standard deviations from ${n * p}`).toBeLessThan(5);
}

eachBuild(({ kernels, check }) => {
  function dropout(x: Float32Array, rate: number, [key0, key1]: Keys, memory: GuardedMemory): Float32Array {
    const block = memory.output(x);
    kernels.dropout(x.length, block.address, rate, key0, key1);
    return block.read();
  }
  const dropped = (rate: number, pair: Keys, memory: GuardedMemory) =>
    Array.from(dropout(new Float32Array(MANY).fill(1), rate, pair, memory), (value) => value === 0);
  const count = (mask: readonly boolean[]) => mask.filter(Boolean).length;

  it('keeps elements whose hash of index and keys says so, and rescales them', () => {
    check(combine({ n: sizes, rate: rates, pair: keys }), ({ n, rate, pair }, memory) => {
      const x = numbers(n, seeded(n));
      const scale = Math.fround(1 / Math.fround(1 - Math.fround(rate)));
      const kept = (i: number) => hash(i, ...pair) >>> 8 >= Math.trunc(Math.fround(rate) * 2 ** 24);
      expectClose(
        dropout(x, rate, pair, memory),
        x.map((value, i) => (kept(i) ? value * scale : 0)),
        exact,
      );
    });
  });

  it('drops the right share of the elements', () => {
    check(combine({ rate: rates, pair: keys }), ({ rate, pair }, memory) => {
      expectShare(count(dropped(rate, pair, memory)), MANY, rate, 'zeros');
    });
  });

  it('keeps the mean', () => {
    check(combine({ rate: [0.1, 0.5, 0.9], pair: keys }), ({ rate, pair }, memory) => {
      const sum = dropout(new Float32Array(MANY).fill(1), rate, pair, memory).reduce((a, b) => a + b, 0);
      expectShare(sum * (1 - rate), MANY, 1 - rate, 'rescaled sum');
    });
  });

  it('with the same keys drops the same elements, also of a shorter array', () => {
    check(combine({ n: sizes, pair: keys }), ({ n, pair }, memory) => {
      const x = numbers(70, seeded());
      const whole = dropout(x, 0.5, pair, memory);
      expectClose(dropout(x, 0.5, pair, memory), whole, exact);
      expectClose(dropout(x.subarray(0, n), 0.5, pair, memory), whole.subarray(0, n), exact);
    });
  });

  it('with different keys drops independently', () => {
    const pairs = keys.flatMap((first, i) => keys.slice(i + 1).map((second) => ({ first, second })));
    check(combine({ rate: [0.25, 0.5], pair: pairs }), ({ rate, pair: { first, second } }, memory) => {
      const other = dropped(rate, second, memory);
      const both = dropped(rate, first, memory).filter((zero, i) => zero && other[i]).length;
      expectShare(both, MANY, rate * rate, 'dropped by both');
    });
  });

  it('drops neighbours independently', () => {
    check(combine({ lag: [1, 2, 3, 4, 8, 64, 100], pair: keys }), ({ lag, pair }, memory) => {
      const mask = dropped(0.5, pair, memory);
      const both = mask.filter((zero, i) => zero && mask[i + lag]).length;
      expectShare(both, MANY - lag, 0.25, 'dropped with a neighbour');
    });
  });
});
