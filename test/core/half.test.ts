import { describe, expect, it } from 'vitest';
import { fromHalf, fromHalves, halfOverflow, toHalf, toHalves } from '../../src/core/half.js';

const allHalves = Array.from({ length: 0x10000 }, (_, half) => half);
const infinity = 0x7c00;
const largestHalf = 65504;

/** The definition, by arithmetic alone. */
function definitionOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = (half & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** The f32 next to a positive one, away from zero (+1) or towards it (-1). */
function neighbour(value: number, step: 1 | -1): number {
  const float = Float32Array.of(value);
  new Uint32Array(float.buffer)[0] += step;
  return float[0];
}

/** All that differ are shown; one assertion for 65,536 halves, not 65,536 assertions. */
const failing = (holds: (half: number) => boolean) => allHalves.filter((half) => !holds(half));

describe('half precision', () => {
  it('every half has the value of its definition', () => {
    expect(failing((half) => Object.is(fromHalf(half), definitionOf(half)))).toEqual([]);
  });

  it('every half survives the way there and back, NaN as some NaN', () => {
    const isNaNHalf = (half: number) => (half & 0x7fff) > infinity;
    const back = (half: number) => toHalf(fromHalf(half));
    expect(failing((half) => (isNaNHalf(half) ? isNaNHalf(back(half)) : back(half) === half))).toEqual([]);
  });

  it('between two halves the nearer wins, and midway the even one', () => {
    const wrong = allHalves.slice(0, infinity).filter((half) => {
      const next = half + 1;
      const midway = (definitionOf(half) + (next === infinity ? 2 ** 16 : definitionOf(next))) / 2;
      const even = half % 2 === 0 ? half : next;
      return (
        toHalf(midway) !== even ||
        toHalf(neighbour(midway, -1)) !== half ||
        toHalf(neighbour(midway, 1)) !== next ||
        toHalf(-midway) !== (even | 0x8000)
      );
    });
    expect(wrong).toEqual([]);
  });

  it('the largest half and the overflow are where the constants say', () => {
    expect(toHalf(largestHalf)).toBe(infinity - 1);
    expect(toHalf(neighbour(halfOverflow, -1))).toBe(infinity - 1);
    expect(toHalf(halfOverflow)).toBe(infinity);
    expect(toHalf(1e300)).toBe(infinity);
    expect(toHalf(Number.NEGATIVE_INFINITY)).toBe(infinity | 0x8000);
  });

  it('zero keeps its sign and numbers too small become it', () => {
    expect(toHalf(-0)).toBe(0x8000);
    expect(fromHalf(0x8000)).toBe(-0);
    expect(toHalf(2 ** -26)).toBe(0);
    expect(toHalf(-(2 ** -149))).toBe(0x8000);
  });

  it('whole arrays are written from the offset on and nowhere else', () => {
    const halves = new Uint16Array(5).fill(7);
    toHalves(Float32Array.of(1, -2, 0.5), halves, 1);
    expect([...halves]).toEqual([7, 0x3c00, 0xc000, 0x3800, 7]);
    const values = new Float32Array(5).fill(7);
    fromHalves(halves.subarray(1, 4), values, 2);
    expect([...values]).toEqual([7, 7, 1, -2, 0.5]);
  });
});
