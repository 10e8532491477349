import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import { calibration } from '../../src/evaluation/index.js';
import { seed, seeded } from '../support/arrays.js';

const span = (score: number, first = 0, label = 'X') => ({ label, first, end: first + 1, score });
const gold = [{ label: 'X', first: 0, end: 1 }];

describe(`calibration, seed ${seed}`, () => {
  it('counts, averages and compares the predictions of each bin', () => {
    const { bins, count, error } = calibration(
      [gold, gold, gold, []],
      [[span(0.9)], [span(0.98)], [span(0.25), span(0.21, 3)], [span(0.96)]],
    );
    expect(bins.map((bin) => bin.count)).toEqual([0, 0, 2, 0, 0, 0, 0, 0, 0, 3]);
    expect(bins[0]).toEqual({ from: 0, to: 0.1, count: 0, score: null, correct: null });
    expect(bins[2].score).toBeCloseTo(0.23, 12);
    expect(bins[2].correct).toBe(0.5);
    expect(bins[9].correct).toBeCloseTo(2 / 3, 12);
    expect(count).toBe(5);
    // (2 · |0.5 − 0.23| + 3 · |2/3 − 2.84/3|) / 5
    expect(error).toBeCloseTo((2 * 0.27 + 0.84) / 5, 12);
  });

  it('takes a prediction for right by its borders and its label', () => {
    const correct = (first: number, end: number, label: string) =>
      calibration([[{ label: 'X', first: 1, end: 3 }]], [[{ first, end, label, score: 1 }]]).bins[9].correct;
    expect(correct(1, 3, 'X')).toBe(1);
    expect([correct(1, 2, 'X'), correct(2, 3, 'X'), correct(1, 3, 'Y')]).toEqual([0, 0, 0]);
  });

  it('puts borders into the bin that begins there, and 1 into the last', () => {
    const scores = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    const { bins } = calibration([[]], [scores.map((score, i) => span(score, i))]);
    expect(bins.map((bin) => bin.count)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
    for (const { score, from, to } of bins.slice(0, 9)) {
      expect(score).toBeGreaterThanOrEqual(from);
      expect(score).toBeLessThan(to);
    }
  });

  it('has almost no error where spans are right as often as they say', () => {
    const random = seeded(3);
    const draws = Array.from({ length: 20_000 }, () => random.uniform());
    const found = calibration(
      draws.map((score) => (random.uniform() < score ? gold : [])),
      draws.map((score) => [span(score)]),
    );
    // The standard deviation of a bin's share is at most 0.5 / √2000.
    expect(found.error).toBeLessThan(0.03);
  });

  it('of nothing is 0', () => {
    expect(calibration([], [])).toMatchObject({ count: 0, error: 0 });
  });

  it('of other sentences or of no probabilities is refused', () => {
    expect(() => calibration([[]], [])).toThrow(TaggerError);
    for (const score of [-0.1, 1.1, Number.NaN]) {
      expect(() => calibration([[]], [[span(score)]])).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    }
  });
});
