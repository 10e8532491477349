import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import { evaluate, formatConlleval, formatScores, scoreSystem } from '../../src/evaluation/index.js';
import { encodeSpans, type SpanScheme } from '../../src/text/schemes.js';
import { randomSentences } from '../text/random-spans.js';

const split = (text: string) => text.split(' ');

describe('the conlleval script', () => {
  const folder = new URL('../../../shared/golden/conlleval/', import.meta.url);
  if (!existsSync(folder)) {
    it.skip(`is compared on golden files only where ${folder.pathname} exists`, () => {});
    return;
  }
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  it.each(names)('counts %s the same, byte for byte', (name) => {
    const rows = readFileSync(new URL(name, folder), 'utf8')
      .split(/\n{2,}/)
      .map((block) =>
        block
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(' ')),
      )
      .filter((block) => block.length > 0);
    const column = (index: number) => rows.map((block) => block.map((row) => row[index]));
    const scores = evaluate(column(1), column(2), { scheme: name.includes('bioes') ? 'bioes' : 'bio' });
    expect(formatConlleval(scores)).toBe(
      readFileSync(new URL(name.replace('.txt', '.expected'), folder), 'utf8'),
    );
  });

  it('rounds ties to the even digit', () => {
    const gold = [...new Array(800).fill('N')];
    const scores = evaluate([gold], [gold.map((tag, i) => (i === 0 ? tag : 'V'))], { scheme: 'none' });
    expect(scores.accuracy).toBe(0.125);
    expect(formatConlleval(scores)).toContain('accuracy:   0.12%');
  });
});

/** Gold and predicted spans that agree in part: the two halves of one random list. */
function pairs(seed: number, gap = 0) {
  const all = randomSentences(seed, 400, gap);
  return all.map(({ spans, length }) => ({
    length,
    gold: spans.filter((_, i) => i % 3 !== 0),
    predicted: spans.filter((_, i) => i % 3 !== 1),
  }));
}

function columns(data: ReturnType<typeof pairs>, scheme: SpanScheme) {
  const gold = data.map((row) => encodeSpans(row.gold, row.length, scheme));
  const predicted = data.map((row) => encodeSpans(row.predicted, row.length, scheme));
  return [gold, predicted] as const;
}

describe('scores', () => {
  it('are 100 for identical tags', () => {
    for (const scheme of ['iob1', 'bio', 'bioes'] as const) {
      const [gold] = columns(pairs(1), scheme);
      const scores = evaluate(gold, gold, { scheme });
      expect([scores.precision, scores.recall, scores.f1, scores.accuracy, scores.strict?.f1]).toEqual([
        100, 100, 100, 100, 100,
      ]);
    }
  });

  it('do not depend on the order of the sentences', () => {
    const data = pairs(2);
    const scheme = 'bio';
    expect(evaluate(...columns(data.toReversed(), scheme), { scheme })).toEqual(
      evaluate(...columns(data, scheme), { scheme }),
    );
  });

  it('of spans do not depend on the scheme, strict or not', () => {
    const data = pairs(3);
    const ofSpans = (scheme: SpanScheme) => {
      const { precision, recall, f1, byLabel, accuracy, strict } = evaluate(...columns(data, scheme), {
        scheme,
        countAs: 'bio',
      });
      expect(strict).toEqual({ precision, recall, f1 });
      return { precision, recall, f1, byLabel, accuracy };
    };
    const expected = ofSpans('bio');
    expect(ofSpans('iob1')).toEqual(expected);
    expect(ofSpans('bioes')).toEqual(expected);
    expect(expected.f1).toBeGreaterThan(10);
  });

  it('in BIOES itself agree too where spans of a label do not touch', () => {
    const data = pairs(4, 1);
    const { f1, byLabel } = evaluate(...columns(data, 'bio'), { scheme: 'bio' });
    expect(evaluate(...columns(data, 'bioes'), { scheme: 'bioes' })).toMatchObject({ f1, byLabel });
  });

  it('count touching BIOES spans of one label as one, as the script does, but not strictly', () => {
    const gold = [split('S-X S-X')];
    const predicted = [split('S-X O')];
    const scores = evaluate(gold, predicted, { scheme: 'bioes' });
    expect(scores.byLabel.X).toMatchObject({ gold: 1, predicted: 1, correct: 0 });
    expect(scores.strict).toMatchObject({ precision: 100, recall: 50 });
    expect(evaluate(gold, predicted, { scheme: 'bioes', countAs: 'bio' })).toMatchObject({ recall: 50 });
  });

  it('count broken spans leniently and not strictly', () => {
    const scores = evaluate([split('B-X E-X O')], [split('B-X I-X O')], { scheme: 'bioes' });
    expect(scores.f1).toBe(100);
    expect(scores.strict).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  it('count a word without a tag as wrong, also where tags are counted in another scheme', () => {
    for (const countAs of ['bioes', 'bio'] as const) {
      const options = { scheme: 'bioes', countAs } as const;
      const scores = evaluate([split('O B-X E-X O')], [split('_ B-X E-X O')], options);
      expect(scores).toMatchObject({ accuracy: 75, f1: 100 });
    }
  });

  it('of a system are the same however it writes its tags', () => {
    const data = pairs(5);
    const [tags, predicted] = columns(data, 'bioes');
    const words = data.map(({ length }) => Array.from({ length }, (_, i) => `w${i}`));
    const test = { words, tags, scheme: 'bioes', isKnown: (word: string) => word !== 'w3' } as const;
    const expected = scoreSystem(test, { tags: predicted, scheme: 'bioes' });
    expect(expected.scores.unknown?.tokens).toBeGreaterThan(100);
    for (const scheme of ['bio', 'iob1'] as const) {
      expect(scoreSystem(test, { tags: columns(data, scheme)[1], scheme })).toEqual(expected);
    }
  });

  it('of single tokens: precision, recall and F1 are the accuracy, also of known and unknown words', () => {
    const scores = evaluate([split('DT NN'), split('VB')], [split('DT VB'), split('VB')], {
      scheme: 'none',
      words: [split('the zyx'), split('go')],
      isKnown: (word) => word !== 'zyx',
    });
    const share = 200 / 3;
    expect(scores).toMatchObject({
      precision: share,
      recall: share,
      accuracy: share,
      sentences: 2,
      tokens: 3,
    });
    expect(scores.f1).toBeCloseTo(share, 10);
    expect(scores.byLabel.VB).toMatchObject({
      precision: 50,
      recall: 100,
      gold: 1,
      predicted: 2,
      correct: 1,
    });
    expect([scores.known, scores.unknown]).toEqual([
      { accuracy: 100, tokens: 2 },
      { accuracy: 0, tokens: 1 },
    ]);
    expect(scores.strict).toBeUndefined();
    expect(formatScores(scores)).toContain('    unknown words: accuracy:   0.00%; 1 tokens\n');
  });

  it('of nothing are 0', () => {
    expect(evaluate([], [], { scheme: 'bio' })).toMatchObject({ f1: 0, accuracy: 0, byLabel: {}, tokens: 0 });
  });

  it('of columns that differ in length are refused', () => {
    expect(() => evaluate([['O']], [['O', 'O']], { scheme: 'bio' })).toThrow(TaggerError);
    expect(() => evaluate([['O']], [], { scheme: 'bio' })).toThrow(TaggerError);
  });
});
