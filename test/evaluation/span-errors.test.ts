import { describe, expect, it } from 'vitest';
import { confusion, exampleErrors, spanErrors } from '../../src/evaluation/index.js';
import { total } from '../../src/evaluation/scores.js';
import { countSpans } from '../../src/evaluation/spans.js';
import type { Span } from '../../src/text/document.js';
import { seed, seeded } from '../support/arrays.js';
import { systemsOf } from './systems.js';

/** `PER 0 2` */
function spans(...texts: string[]): Span[] {
  return texts.map((text) => {
    const [label, first, end] = text.split(' ');
    return { label, first: Number(first), end: Number(end) };
  });
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('errors', () => {
  it.each([
    ['the same', ['PER 0 2'], ['PER 0 2'], {}],
    ['other borders', ['PER 0 2'], ['PER 1 3'], { boundary: 1 }],
    ['another label', ['PER 0 2'], ['LOC 0 2'], { type: 1 }],
    ['other borders and another label', ['PER 0 2'], ['LOC 1 2'], { 'boundary-and-type': 1 }],
    ['nothing', ['PER 0 2'], [], { missed: 1 }],
    ['something out of nothing', [], ['PER 0 2'], { spurious: 1 }],
    ['spans that touch but share no token', ['PER 0 2'], ['PER 2 3'], { missed: 1, spurious: 1 }],
    ['two halves', ['PER 0 4'], ['PER 0 1', 'PER 1 4'], { boundary: 1, spurious: 1 }],
    ['one for two', ['PER 0 2', 'PER 2 3'], ['PER 0 3'], { boundary: 1, missed: 1 }],
    ['the same label before more tokens', ['PER 0 4'], ['LOC 0 3', 'PER 3 4'], { boundary: 1, spurious: 1 }],
    ['a correct one beside', ['PER 0 2', 'LOC 2 3'], ['PER 0 2', 'PER 2 4'], { 'boundary-and-type': 1 }],
  ])('%s', (_, gold, predicted, expected) => {
    const none = { boundary: 0, type: 0, 'boundary-and-type': 0, missed: 0, spurious: 0 };
    const { counts } = spanErrors([{ gold: spans(...gold), predicted: spans(...predicted) }]);
    expect(counts).toEqual({ ...none, ...expected });
  });

  it('name the sentence and both spans; of two halves the longer is the one that was meant', () => {
    const { errors } = spanErrors([
      { gold: [], predicted: [] },
      { gold: spans('PER 0 4'), predicted: spans('PER 0 1', 'PER 1 4') },
    ]);
    const [gold] = spans('PER 0 4');
    const [spurious, predicted] = spans('PER 0 1', 'PER 1 4');
    expect(errors).toEqual([
      { kind: 'boundary', sentence: 1, gold, predicted },
      { kind: 'spurious', sentence: 1, predicted: spurious },
    ]);
  });

  it('of single tokens are all of type', () => {
    const tags = (...labels: string[]) => labels.map((label, first) => ({ label, first, end: first + 1 }));
    const { correct, counts } = spanErrors([{ gold: tags('N', 'V', 'N'), predicted: tags('N', 'N', 'N') }]);
    expect([correct, counts]).toEqual([
      2,
      { boundary: 0, type: 1, 'boundary-and-type': 0, missed: 0, spurious: 0 },
    ]);
  });

  it('have examples from all over the test set', () => {
    const sentences = Array.from({ length: 100 }, () => ({ gold: spans('PER 0 1'), predicted: [] }));
    const found = spanErrors(sentences);
    expect(exampleErrors(found, 'missed', 4).map(({ sentence }) => sentence)).toEqual([0, 25, 50, 75]);
    expect(exampleErrors(found, 'missed', 1000)).toEqual(found.errors);
    expect(exampleErrors(found, 'type')).toEqual([]);
  });
});

describe(`every span, seed ${seed},`, () => {
  const [sentences] = systemsOf(500, [0.6], seeded(21)).systems;
  const all = total(countSpans(sentences).values());
  const { correct, counts, errors } = spanErrors(sentences);

  it('is in exactly one error, or correct', () => {
    expect(correct).toBe(all.correct);
    expect(Math.min(correct, ...Object.values(counts))).toBeGreaterThan(5);
    const total = sum(Object.values(counts));
    expect(total).toBe(errors.length);
    expect(correct + total - counts.spurious).toBe(all.gold);
    expect(correct + total - counts.missed).toBe(all.predicted);
    for (const side of ['gold', 'predicted'] as const) {
      const seen = errors.flatMap((error) => error[side] ?? []);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  it('that was missed or is spurious overlaps none that could have been its partner', () => {
    const paired = new Set(
      errors.flatMap(({ gold, predicted }) => (gold && predicted ? [gold, predicted] : [])),
    );
    const isWhole = (gold: Span, other: Span) =>
      gold.first === other.first && gold.end === other.end && gold.label === other.label;
    for (const { kind, sentence, gold } of errors) {
      if (kind !== 'missed' || !gold) continue;
      const over = sentences[sentence].predicted.filter(
        ({ first, end }) => first < gold.end && gold.first < end,
      );
      const isTaken = (span: Span) =>
        paired.has(span) || sentences[sentence].gold.some((other) => isWhole(other, span));
      expect(over.filter((span) => !isTaken(span))).toEqual([]);
    }
  });

  it('is in the confusion of labels once', () => {
    const matrix = confusion(sentences);
    const byLabel = countSpans(sentences);
    expect(matrix.labels).toEqual([...byLabel.keys()]);
    matrix.labels.forEach((label, i) => {
      const count = byLabel.get(label);
      expect(matrix.counts[i][i]).toBe(count?.correct);
      expect(sum(matrix.counts[i]) + matrix.missed[i]).toBe(count?.gold);
      expect(sum(matrix.counts.map((row) => row[i])) + matrix.spurious[i]).toBe(count?.predicted);
    });
    const off = sum(matrix.counts.flat()) - all.correct;
    expect(off).toBe(counts.type);
  });
});

it('confusion of single tokens has a row for every gold label and a column for every predicted one', () => {
  const tags = (...labels: string[]) => labels.map((label, first) => ({ label, first, end: first + 1 }));
  expect(confusion([{ gold: tags('V', 'N', 'N'), predicted: tags('V', 'V', '__proto__') }])).toEqual({
    labels: ['N', 'V', '__proto__'],
    counts: [
      [0, 1, 1],
      [0, 1, 0],
      [0, 0, 0],
    ],
    missed: [0, 0, 0],
    spurious: [0, 0, 0],
  });
});
