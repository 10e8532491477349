import { describe, expect, it } from 'vitest';
import {
  addNumbers,
  binOf,
  countGroups,
  edgeOf,
  groupsOf,
  quantile,
} from '../../src/tagger/monitor/histogram.js';
import { seed, seeded } from '../support/arrays.js';

const histogramOf = (numbers: readonly number[]) => {
  const histogram = new Map<number, number>();
  addNumbers(histogram, Float32Array.from(numbers));
  return histogram;
};
const random = seeded();
const numbers = Array.from({ length: 20_000 }, () => Math.exp(6 * random.uniform() - 3));

describe(`a histogram, seed ${seed}`, () => {
  it('has bins in the order of the numbers, at most 0.4 % wide, each found by its edge', () => {
    const sorted = [0, 1e-30, 1e-3, 0.9999, 1, 1.0001, 3.2, 1e9, ...numbers].sort((a, b) => a - b);
    const bins = sorted.map(binOf);
    expect([...bins].sort((a, b) => a - b)).toEqual(bins);
    sorted.forEach((number, i) => {
      expect(binOf(edgeOf(bins[i]))).toBe(bins[i]);
      expect(edgeOf(bins[i])).toBeLessThanOrEqual(Math.fround(number));
      expect(edgeOf(bins[i] + 1)).toBeGreaterThan(Math.fround(number));
      if (number > 1e-30) expect(edgeOf(bins[i] + 1) / edgeOf(bins[i])).toBeLessThan(1.004);
    });
  });

  it('has the quantiles of the numbers, to the width of a bin', () => {
    const sorted = [...numbers].sort((a, b) => a - b);
    for (const share of [0.1, 0.5, 0.9]) {
      const expected = sorted[Math.ceil(share * sorted.length) - 1];
      expect(Math.abs(quantile(histogramOf(numbers), share) / expected - 1)).toBeLessThan(0.004);
    }
    expect(quantile(new Map(), 0.5)).toBeNaN();
  });

  it('falls into groups of about as many numbers each, and all numbers into one of them', () => {
    const histogram = histogramOf(numbers);
    const ends = groupsOf(histogram, 10);
    const counts = countGroups(histogram, ends);
    expect(counts).toHaveLength(10);
    for (const count of counts) expect(Math.abs(count / 2000 - 1)).toBeLessThan(0.05);
    const others = histogramOf([0, 1e-9, 1e9, ...numbers]);
    expect(countGroups(others, ends).reduce((sum, count) => sum + count)).toBe(numbers.length + 3);
  });

  it('has fewer groups where many numbers are the same', () => {
    const half = [...Array(500).fill(2), ...Array.from({ length: 500 }, (_, i) => 3 + i / 100)];
    const counts = countGroups(histogramOf(half), groupsOf(histogramOf(half), 10));
    expect(counts[0]).toBe(500);
    expect(counts.length).toBeLessThanOrEqual(6);
    expect(countGroups(histogramOf([1, 1]), groupsOf(histogramOf([1, 1]), 10))).toEqual([2]);
  });
});
