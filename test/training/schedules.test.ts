import { describe, expect, it } from 'vitest';
import { factorOf } from '../../src/training/schedules.js';

const factors = (options: Parameters<typeof factorOf>[0], scores: readonly number[]) =>
  [...scores, 0].map((_, epoch) => factorOf(options, scores.slice(0, epoch)));

describe('learning-rate schedules', () => {
  it('constant stays 1', () => {
    expect(factors({ kind: 'constant' }, [3, 1, 2])).toEqual([1, 1, 1, 1]);
  });

  it('inverse-time is 1 / (1 + decay · epoch), from epoch 0', () => {
    expect(factors({ kind: 'inverse-time', decay: 0.5 }, [3, 1, 2])).toEqual([1, 1 / 1.5, 1 / 2, 1 / 2.5]);
  });

  it('plateau multiplies after so many epochs without a better score, and counts anew', () => {
    const options = { kind: 'plateau', factor: 0.5, patience: 2 } as const;
    expect(factors(options, [1, 2, 2, 2, 1, 1, 3, 1, 1])).toEqual([
      1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125,
    ]);
  });

  it('plateau takes an equal score for none better', () => {
    const options = { kind: 'plateau', factor: 0.1, patience: 1 } as const;
    expect(factors(options, [1, 1])).toEqual([1, 1, 0.1]);
  });
});
