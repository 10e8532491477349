import { expect, test } from 'vitest';
import { devScore } from '../../src/baselines/dev-score.js';

const task = (scheme: 'bio' | 'none', tags: string[]) => ({
  train: [],
  dev: [{ tokens: tags.map((_, t) => `w${t}`), tags }],
  scheme,
  seed: 1,
  workers: 1,
});

test('the score on dev is F1 of spans, those that touch counted apart, as on test', () => {
  // One of two found, none wrong: precision 1, recall 1/2.
  expect(devScore(task('bio', ['S-X', 'S-X', 'O']), [['S-X', 'O', 'O']])).toBeCloseTo(200 / 3, 10);
});

test('of labels of single tokens it is accuracy', () => {
  expect(devScore(task('none', ['A', 'B', 'A', 'A']), [['A', 'A', 'A', 'A']])).toBe(75);
});
