/** Seeded arrays and tables of cases. TAGGER_TEST_SEED chooses another seed; the names of failed tests show it. */
import { Random } from '../../src/core/random.js';

export const seed = Number(process.env.TAGGER_TEST_SEED ?? 1);

/** The same numbers in every test that asks, whatever ran before. */
export function seeded(...path: readonly number[]): Random {
  return new Random(seed, ...path);
}

/** Uniform in [−limit, limit). */
export function numbers(n: number, random: Random, limit = 1): Float32Array {
  return Float32Array.from({ length: n }, () => (2 * random.uniform() - 1) * limit);
}

/** Whole numbers, whose products and sums are exact in f32 (below 2²⁴) and often equal. */
export function wholeNumbers(n: number, random: Random, limit = 4): Float32Array {
  return Float32Array.from({ length: n }, () => random.below(2 * limit + 1) - limit);
}

/** What a kernel must overwrite without looking at it. */
export function unset(n: number): Float32Array {
  return new Float32Array(n).fill(Number.NaN);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** 0, 1 and every remainder of a SIMD loop of 4, 8 or 16. */
export const sizes: readonly number[] = [...range(0, 9), 12, 15, 16, 17, 31, 32, 33];

type Choices<T> = { readonly [Key in keyof T]: readonly T[Key][] };

/** Every combination of the choices. */
export function combine<T extends object>(choices: Choices<T>): T[] {
  let all: Partial<T>[] = [{}];
  for (const key of Object.keys(choices) as (keyof T)[]) {
    all = all.flatMap((some) => choices[key].map((choice) => ({ ...some, [key]: choice })));
  }
  return all as T[];
}
