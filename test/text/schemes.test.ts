import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import {
  allowedTransitions,
  convertTags,
  decodeSpans,
  detectNotation,
  detectScheme,
  encodeSpans,
  isValid,
  parseTag,
  type SpanScheme,
  schemeProblems,
} from '../../src/text/schemes.js';
import { randomSentences } from './random-spans.js';

const schemes: SpanScheme[] = ['iob1', 'bio', 'bioes'];
const split = (text: string) => text.split(' ');

describe('tags', () => {
  it('are split at the first hyphen only', () => {
    expect(parseTag('B-creative-work')).toEqual({ role: 'B', label: 'creative-work' });
  });

  it.each(['', 'B', 'B-', 'X-PER', 'PER', 'B_PER', 'o', 'BB-PER', 'toString'])('%j is no tag', (text) => {
    expect(parseTag(text)).toBeUndefined();
  });
});

describe('spans', () => {
  it.each([
    ['iob1', 'I-PER I-PER B-PER I-LOC O I-ORG'],
    ['bio', 'B-PER I-PER B-PER B-LOC O B-ORG'],
    ['bioes', 'B-PER E-PER S-PER S-LOC O S-ORG'],
  ] as const)('are written in %s', (scheme, text) => {
    const spans = [
      { label: 'PER', first: 0, end: 2 },
      { label: 'PER', first: 2, end: 3 },
      { label: 'LOC', first: 3, end: 4 },
      { label: 'ORG', first: 5, end: 6 },
    ];
    expect(encodeSpans(spans, 6, scheme)).toEqual(split(text));
    expect(decodeSpans(split(text), scheme)).toEqual(spans);
  });

  it('survive every conversion, and every encoding is valid', () => {
    for (const { spans, length } of randomSentences(7, 500)) {
      for (const from of schemes) {
        const tags = encodeSpans(spans, length, from);
        expect(isValid(tags, from)).toBe(true);
        for (const to of schemes) {
          expect(convertTags(tags, from, to)).toEqual(encodeSpans(spans, length, to));
        }
      }
    }
  });

  it('are read in the spellings BMES and BILOU', () => {
    for (const text of ['B-X M-X E-X S-X', 'B-X I-X L-X U-X']) {
      expect(convertTags(split(text), 'bioes', 'bioes')).toEqual(split('B-X I-X E-X S-X'));
    }
  });

  it('that overlap are refused', () => {
    const spans = [
      { label: 'X', first: 0, end: 2 },
      { label: 'X', first: 1, end: 3 },
    ];
    expect(() => encodeSpans(spans, 3, 'bio')).toThrow(TaggerError);
  });

  it('are not made of labels of single tokens', () => {
    expect(() => convertTags(['NN'], 'none', 'bio')).toThrow(TaggerError);
    expect(decodeSpans(['NN', 'NN'], 'none')).toHaveLength(2);
  });
});

describe('detection', () => {
  it.each([
    ['iob1', 'IOB1', 'I-PER I-PER B-PER'],
    ['bio', 'BIO', 'B-PER I-PER O'],
    ['bio', 'BIO', 'O O O'],
    ['bioes', 'BIOES', 'B-PER I-PER E-PER S-LOC'],
    ['bioes', 'BMES', 'B-PER M-PER E-PER'],
    ['bioes', 'BILOU', 'B-PER I-PER L-PER U-LOC'],
    ['none', 'none', 'NN VB -LRB- NP-TL'],
  ] as const)('finds %s (%s) in %s', (scheme, name, text) => {
    expect(detectNotation([split(text), []])).toMatchObject({ scheme, name });
  });

  const problemsOf = (sentences: string[]) => {
    try {
      detectScheme(sentences.map(split), (sentence, token) => ({
        file: 'x.conll',
        line: 10 * sentence + token + 1,
        column: 7,
      }));
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_CORPUS_FORMAT' });
      return (error as TaggerError).problems.map(
        ({ place, found }) => `${place?.file}:${place?.line}:${place?.column} ${found}`,
      );
    }
    return [];
  };

  it('names every tag of another scheme with its place', () => {
    expect(problemsOf(['B-PER I-PER O', 'B-LOC O', 'O I-LOC', 'S-PER O'])).toEqual([
      'x.conll:22:7 "I-LOC" after O',
      'x.conll:31:7 "S-PER"',
    ]);
    expect(problemsOf(['B-PER E-PER', 'S-PER', 'S-LOC', 'B-PER'])).toEqual([
      'x.conll:31:7 "B-PER" at the end of the sentence',
    ]);
  });

  it('names every text that is no tag, once', () => {
    expect(problemsOf(['B-PER I_PER I-PER', 'O', 'PER'])).toEqual([
      'x.conll:2:7 "I_PER"',
      'x.conll:21:7 "PER"',
    ]);
  });

  it('says what could stand instead', () => {
    const [problem] = schemeProblems([split('B-PER I-PER'), split('O I-PER')], 'bio');
    expect(problem.expected).toBe('B-PER or O');
    expect(schemeProblems([split('O I-PER')], 'iob1')).toEqual([]);
    expect(schemeProblems([split('B-X L-X'), split('U-X')], 'bioes')).toEqual([]);
  });
});

describe('the mask of a decoder', () => {
  const tags = split('O B-X I-X E-X S-X B-Y I-Y E-Y S-Y');

  it.each(schemes)('allows exactly the valid sequences of %s', (scheme) => {
    const own = scheme === 'bioes' ? tags : tags.filter((tag) => !/^[ES]/.test(tag));
    const { start, end, pairs } = allowedTransitions(own, scheme);
    own.forEach((a, i) => {
      expect(start[i] && end[i]).toBe(isValid([a], scheme));
      own.forEach((b, j) => {
        expect(start[i] && pairs[i][j] && end[j]).toBe(isValid([a, b], scheme));
        own.forEach((c, k) => {
          expect(start[i] && pairs[i][j] && pairs[j][k] && end[k]).toBe(isValid([a, b, c], scheme));
        });
      });
    });
  });

  it('allows everything between labels of single tokens', () => {
    const { start, end, pairs } = allowedTransitions(['NN', 'VB'], 'none');
    expect([start, end, pairs[0][1]]).toEqual([[true, true], [true, true], true]);
  });
});
