/** Bounds are five standard deviations: with a fair generator one seed in a million fails. */
import { describe, expect, it } from 'vitest';
import { hash, type Random } from '../../src/core/random.js';
import { seed, seeded } from '../support/arrays.js';

const MANY = 100_000;
const uniforms = (random: Random, n = MANY) => Float64Array.from({ length: n }, () => random.uniform());

/** Correlation of two series, in standard deviations from none. */
function correlation(x: Float64Array, y: Float64Array): number {
  const sum = x.reduce((total, value, i) => total + (value - 0.5) * (y[i] - 0.5), 0);
  return (Math.abs(sum) * 12) / Math.sqrt(x.length);
}

/** χ² of counts against an even spread, in standard deviations above its mean (Wilson and Hilferty 1931). */
function unevenness(counts: readonly number[]): number {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  const freedom = counts.length - 1;
  const square = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(square / freedom) - (1 - spread)) / Math.sqrt(spread);
}

describe(`random numbers, seed ${seed}`, () => {
  it('of the same path are the same, and do not depend on other streams', () => {
    const first = uniforms(seeded(3, 4), 10);
    const other = seeded(3, 4);
    uniforms(seeded(3, 5), 7);
    expect(uniforms(other, 10)).toEqual(first);
  });

  it('lie in [0, 1) and spread evenly', () => {
    for (const path of [[], [0], [1], [0, 0], [2 ** 31 - 1]]) {
      const values = uniforms(seeded(...path));
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
      const mean = values.reduce((a, b) => a + b, 0) / MANY;
      expect(Math.abs(mean - 0.5) * Math.sqrt(12 * MANY), `mean of ${path}`).toBeLessThan(5);
      const counts = new Array<number>(100).fill(0);
      for (const value of values) counts[Math.floor(value * 100)]++;
      expect(unevenness(counts), `spread of ${path}`).toBeLessThan(5);
    }
  });

  it('of neighbouring numbers are independent', () => {
    const values = uniforms(seeded());
    for (const lag of [1, 2, 3, 16]) {
      expect(correlation(values.subarray(lag), values.subarray(0, -lag)), `lag ${lag}`).toBeLessThan(5);
    }
    const pairs = new Array<number>(400).fill(0);
    for (let i = 0; i + 1 < MANY; i += 2)
      pairs[Math.floor(values[i] * 20) * 20 + Math.floor(values[i + 1] * 20)]++;
    expect(unevenness(pairs)).toBeLessThan(5);
  });

  it('of different paths are independent', () => {
    const streams = [[], [0], [1], [2], [0, 0], [0, 1], [1, 0], [0, 0, 1], [-1], [256]].map((path) =>
      uniforms(seeded(...path)),
    );
    streams.forEach((stream, i) => {
      for (let j = 0; j < i; j++)
        expect(correlation(stream, streams[j]), `streams ${i} and ${j}`).toBeLessThan(5);
    });
  });

  it('of neighbouring streams are independent at the same place', () => {
    const firsts = Float64Array.from({ length: MANY }, (_, i) => seeded(i).uniform());
    expect(correlation(firsts.subarray(1), firsts.subarray(0, -1))).toBeLessThan(5);
    const counts = new Array<number>(100).fill(0);
    for (const value of firsts) counts[Math.floor(value * 100)]++;
    expect(unevenness(counts)).toBeLessThan(5);
  });

  it('streams have keys of their own', () => {
    const keys = new Set<string>();
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < 100; j++) {
        const { key0, key1 } = seeded(i, j);
        keys.add(`${key0},${key1}`);
      }
    }
    expect(keys.size).toBe(10_000);
  });

  it('forks differ from each other and from their parent, and come in a fixed order', () => {
    const [parent, again] = [seeded(), seeded()];
    again.uniform();
    const forks = [parent.fork(), parent.fork(), parent.fork().fork()];
    const values = [seeded(), ...forks].map((stream) => uniforms(stream, 1000));
    values.forEach((stream, i) => {
      for (let j = 0; j < i; j++) expect(correlation(stream, values[j])).toBeLessThan(5);
    });
    expect(uniforms(again.fork(), 10)).toEqual(values[1].subarray(0, 10));
  });

  it('below(n) takes every number equally often', () => {
    for (const n of [1, 2, 3, 7, 10, 1000]) {
      const counts = new Array<number>(n).fill(0);
      const random = seeded(n);
      for (let i = 0; i < MANY; i++) counts[random.below(n)]++;
      expect(counts).toHaveLength(n);
      if (n > 1) expect(unevenness(counts), `below(${n})`).toBeLessThan(5);
    }
  });

  it('a permutation has every number once', () => {
    for (const n of [0, 1, 2, 3, 10, 1000]) {
      expect([...seeded().permutation(n)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      );
    }
  });

  it('all orders are equally frequent', () => {
    const random = seeded();
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  it('every bit of the value and of the keys changes half of the bits of the hash', () => {
    for (const argument of [0, 1, 2]) {
      for (let bit = 0; bit < 32; bit++) {
        let changed = 0;
        for (let i = 0; i < 2000; i++) {
          const from = [i, hash(i, seed, 1), hash(i, seed, 2)] as const;
          const to = from.map((value, at) => (at === argument ? value ^ (1 << bit) : value));
          changed += bitCount(hash(...from) ^ hash(to[0], to[1], to[2]));
        }
        // 64,000 fair bits; a multiply-xorshift hash is near to fair, not fair.
        expect(changed / 64_000, `argument ${argument}, bit ${bit}`).toBeGreaterThan(0.4);
        expect(changed / 64_000, `argument ${argument}, bit ${bit}`).toBeLessThan(0.6);
      }
    }
  });
});

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest; rest &= rest - 1) count++;
  return count;
}
