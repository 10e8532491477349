/** Comparison of arrays with a tolerance that says why it is allowed. */
import { expect } from 'vitest';

export interface Tolerance {
  readonly reason: string;
  readonly absolute?: number;
  readonly relative?: number;
}

/** Half a unit in the last place of a float near 1. */
export const HALF_ULP = 2 ** -24;

export const exact: Tolerance = { reason: 'nothing is rounded' };

/** Each rounding of a float errs by half a unit in the last place of a number of at most `magnitude`. */
export function roundings(count: number, magnitude = 1): Tolerance {
  return {
    reason: `${count} roundings of numbers up to ${magnitude}`,
    absolute: count * magnitude * HALF_ULP,
  };
}

/** The same, relative to the result: for sums of terms of one sign and for products. */
export function relativeRoundings(count: number): Tolerance {
  return {
    reason: `${count} roundings relative to the result`,
    relative: count * HALF_ULP,
    absolute: 2 ** -126,
  };
}

/** Fails at the first element that is neither equal (NaN equals NaN) nor within the tolerance. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
  what = 'element',
): void {
  if (actual.length !== expected.length) {
    expect.fail(`${what}: ${actual.length} values instead of ${expected.length}`);
  }
  const { absolute = 0, relative = 0, reason } = tolerance;
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const allowed = absolute + relative * Math.abs(expected[i]);
    const difference = Math.abs(actual[i] - expected[i]);
    if (difference <= allowed) continue;
    expect.fail(
      `${what} ${i} is ${actual[i]} instead of ${expected[i]}: off by ${difference}, allowed ${allowed} (${reason})`,
    );
  }
}
