/** What a report says of its first system. */
import { describe, expect, it } from 'vitest';
import type { Comparison, SystemReport } from '../../src/report/comparison.js';
import { plain, verdict } from '../../src/report/index.js';
import { spanComparison } from '../support/comparison.js';

const base = spanComparison();
const [first, second] = base.systems;
const around = (value: number) => ({ value, low: value - 1, high: value + 1 });

function system(name: string, value: number, tokensPerSecond?: number, p?: number): SystemReport {
  const { significance: _, speed, ...rest } = second;
  return {
    ...rest,
    name,
    score: around(value),
    ...(tokensPerSecond && { speed: { ...speed, tokensPerSecond, latency: { p50: 1, p99: 2 } } }),
    ...(p !== undefined && {
      significance: {
        ...second.significance!,
        difference: around(80 - value),
        p: { bootstrap: p, randomisation: p / 2 },
        isDifferent: p < 0.05,
      },
    }),
  };
}

const said = (...others: SystemReport[]) => {
  const speed = { tokensPerSecond: 1000, latency: { p50: 1, p99: 2 } };
  const comparison: Comparison = {
    ...base,
    systems: [{ ...first, name: 'T', score: around(80), speed }, ...others],
  };
  const { kind, phrases } = verdict(comparison);
  return [kind, plain(phrases)];
};

describe('the verdict', () => {
  it.each([
    ['alone', [], 'T has F1 80.0 (79.0 to 81.0); there is no other system to compare it with.'],
    [
      'ahead',
      [system('X', 70, 100, 0.01), system('Y', 78, 9000, 0.02)],
      'T is better than Y, the best of the others, by 2.00 points of F1; this is no chance (p = 0.020). No system that is as good is faster.',
    ],
    [
      'perhaps-ahead',
      [system('X', 79.7, 4000, 0.4)],
      'T is 0.30 points of F1 above X, the best of the others, but this may be chance (p = 0.400). The fastest that is not shown to be worse is X (4,000 tokens/s, 4.0 × as fast).',
    ],
    [
      'even',
      [system('X', 80, 500, 1)],
      'T and X have the same F1, 80.0. No system that is as good is faster.',
    ],
    [
      'perhaps-behind',
      [system('X', 80.5, 500, 0.3)],
      'T is 0.50 points of F1 below X, though this may be chance (p = 0.300). No system that is as good is faster.',
    ],
    [
      'behind',
      [system('X', 84, 2000, 0.0001)],
      'T is not the best: X is better by 4.00 points of F1, and this is no chance (p < 0.001). The fastest that is not shown to be worse is X (2,000 tokens/s, 2.0 × as fast).',
    ],
    [
      'untested',
      [system('X', 84)],
      'T has F1 80.0, X, the best of the others, 84.0; whether they differ by more than chance was not tested. No system that is as good is faster.',
    ],
  ])('%s', (kind, others, text) => {
    expect(said(...others)).toEqual([kind, text]);
  });

  it('names a system that is faster and only perhaps worse even where the best one is slow', () => {
    const [, text] = said(
      system('slow', 85, 10, 0.001),
      system('fast', 79, 70_000, 0.2),
      system('bad', 20, 9e6, 0.001),
    );
    expect(text).toContain(
      'The fastest that is not shown to be worse is fast (70,000 tokens/s, 70 × as fast).',
    );
  });
});
