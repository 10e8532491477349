import { describe, expect, it } from 'vitest';
import { type AnnotateInput, documentOf, type Tokenize } from '../../src/tagger/input.js';
import type { Document } from '../../src/text/document.js';
import { documentMaker } from '../../src/text/make-document.js';
import { createTokenizer } from '../../src/text/tokenizers/index.js';
import { seed, seeded } from '../support/arrays.js';

const makeDocument = documentMaker();
const of = (input: AnnotateInput, tokenize?: Tokenize) => documentOf(input, { makeDocument, tokenize });

/** What a caller without types can hand over. */
const ofAnything = (input: unknown, tokenize?: (text: string) => unknown) =>
  of(input as AnnotateInput, tokenize as Tokenize | undefined);

const wordsOf = ({ sentences }: Document) => sentences.map(({ tokens }) => tokens.map(({ text }) => text));

function expectOffsets({ text, sentences }: Document): void {
  let last = 0;
  for (const token of sentences.flatMap(({ tokens }) => tokens)) {
    expect(text.slice(token.start, token.end)).toBe(token.text);
    expect(token.start).toBeGreaterThanOrEqual(last);
    last = token.end;
  }
}

const usage = (parts: object) =>
  expect.objectContaining({ code: 'E_USAGE', problems: [expect.objectContaining(parts)] });

describe('a text to be annotated', () => {
  it('is cut by the model, unless the caller has a tokenizer', () => {
    const text = 'Ada sailed home. Rain fell.';
    expect(of(text)).toEqual(makeDocument(text));
    expect(of(text, (own) => own.split(' ')).sentences).toHaveLength(1);
    expect(of('').sentences).toEqual([]);
  });
});

describe('words to be annotated', () => {
  it.each<[what: string, input: AnnotateInput, text: string, words: string[][]]>([
    ['of one sentence', ['Ada', 'sailed', '.'], 'Ada sailed .', [['Ada', 'sailed', '.']]],
    ['of several', [['Ada', 'sailed'], ['Rain']], 'Ada sailed\nRain', [['Ada', 'sailed'], ['Rain']]],
    ['with spaces', ['Port Elena', 'x'], 'Port Elena x', [['Port Elena', 'x']]],
    ['that are empty or white space', ['', 'a', ' ', ''], ' a   ', [['', 'a', ' ', '']]],
    ['that occur again', ['a', 'a', 'aa', 'a'], 'a a aa a', [['a', 'a', 'aa', 'a']]],
    ['of no sentence', [], '', [[]]],
    ['of sentences without any', [[], ['a'], []], '\na\n', [[], ['a'], []]],
    ['with emoji and marks', ['👩‍🔬', 'e\u0301', '東京'], '👩‍🔬 e\u0301 東京', [['👩‍🔬', 'e\u0301', '東京']]],
  ])('%s stay as they are, with offsets into their text', (_, input, text, words) => {
    const document = of(input);
    expect(document.text).toBe(text);
    expect(wordsOf(document)).toEqual(words);
    expectOffsets(document);
  });

  it('do not go through the tokenizer of the caller', () => {
    const tokenize = () => expect.fail('it was called');
    expect(wordsOf(of(['New York'], tokenize))).toEqual([['New York']]);
    expect(wordsOf(of({ text: 'New York', tokens: [{ start: 0, end: 8 }] }, tokenize))).toEqual([
      ['New York'],
    ]);
  });

  it.each([
    ['a number', ['a', 7], '7'],
    ['nothing', [undefined], 'undefined'],
    ['a list among words', ['a', ['b', 'c']], 'a list'],
    ['a word among lists', [['a'], 'bcd'], 'a list'],
    ['an object', [[{ text: 'a' }]], 'an object with text'],
  ])('are strings: %s is refused', (_, input, found) => {
    expect(() => ofAnything(input)).toThrow(usage({ message: 'a word is no string', found }));
  });
});

describe('offsets of tokens', () => {
  const text = 'Ada 😂 sailed. Rain.';
  const tokens = [
    [
      { start: 0, end: 3 },
      { start: 4, end: 6 },
      { start: 7, end: 13 },
    ],
    [{ start: 15, end: 19 }],
  ];

  it('give tokens, and nothing else of the text', () => {
    const document = of({ text, tokens });
    expect(document.text).toBe(text);
    expect(wordsOf(document)).toEqual([['Ada', '😂', 'sailed'], ['Rain']]);
    expectOffsets(document);
    expect(wordsOf(of({ text, tokens: tokens.flat() }))).toEqual([['Ada', '😂', 'sailed', 'Rain']]);
    expect(wordsOf(of({ text, tokens: [] }))).toEqual([[]]);
    expect(wordsOf(of(text, () => tokens))).toEqual(wordsOf(document));
  });

  it('may be those of tokens that touch', () => {
    const touching = [0, 1, 2].map((start) => ({ start, end: start + 1 }));
    expect(wordsOf(of({ text: 'abc', tokens: touching }))).toEqual([['a', 'b', 'c']]);
  });

  it.each([
    ['behind the text', [[18, 21]], '0 ≤ start < end ≤ 20, the length of the text', 'start 18, end 21'],
    ['of nothing', [[3, 3]], '0 ≤ start < end ≤ 20, the length of the text', 'start 3, end 3'],
    ['the wrong way round', [[3, 1]], '0 ≤ start < end ≤ 20, the length of the text', 'start 3, end 1'],
    ['before the text', [[-1, 2]], '0 ≤ start < end ≤ 20, the length of the text', 'start -1, end 2'],
    [
      'that overlap',
      [
        [0, 3],
        [2, 5],
      ],
      '3 ≤ start < end ≤ 20, the length of the text',
      'start 2, end 5',
    ],
    [
      'that are no whole numbers',
      [[0.5, 3]],
      '0 ≤ start < end ≤ 20, the length of the text',
      'start 0.5, end 3',
    ],
  ])('%s are refused', (_, ranges, expected, found) => {
    const wrong = ranges.map(([start, end]) => ({ start, end }));
    const error = usage({ message: 'offsets of a token that do not fit the text', expected, found });
    expect(() => of({ text, tokens: wrong })).toThrow(error);
    expect(() => of({ text, tokens: wrong.map((one) => [one]) })).toThrow(error);
    expect(() => of(text, () => wrong)).toThrow(error);
  });

  it.each([[[null]], [['Ada', 'sailed']], [[[0, 3]]], [[{ start: '0', end: '3' }]]])(
    '%j is refused',
    (wrong) => {
      const error = usage({ message: 'offsets of a token that do not fit the text' });
      expect(() => ofAnything({ text, tokens: wrong })).toThrow(error);
    },
  );
});

it.each([
  ['null', null],
  ['undefined', undefined],
  ['a number', 7],
  ['an object without text and tokens', { words: [] }],
  ['an object with text alone', { text: 7 }],
  ['an object whose text is none', { text: 7, tokens: [] }],
])('%s cannot be annotated', (_, input) => {
  expect(() => ofAnything(input)).toThrow(usage({ message: 'this cannot be annotated' }));
});

it('a text with offsets that are no list cannot be annotated', () => {
  expect(() => ofAnything({ text: 'a' })).toThrow(usage({ message: 'these are no offsets of tokens' }));
});

describe("the caller's own tokenizer", () => {
  const lists = (text: string, words: readonly string[] | readonly (readonly string[])[]) =>
    of(text, () => words);

  it.each<[what: string, text: string, given: string[] | string[][], words: string[][]]>([
    ['words', 'Ada  sailed', ['Ada', 'sailed'], [['Ada', 'sailed']]],
    [
      'sentences',
      'Ada sailed. Rain.',
      [
        ['Ada', 'sailed', '.'],
        ['Rain', '.'],
      ],
      [
        ['Ada', 'sailed', '.'],
        ['Rain', '.'],
      ],
    ],
    ['words that are part of others', 'a aa a', ['a', 'a', 'a', 'a'], [['a', 'a', 'a', 'a']]],
    ['words in white space', 'Ada sailed', [' Ada', '', ' sailed ', ' '], [['Ada', 'sailed']]],
    ['words with spaces', 'in New York', ['in', 'New York'], [['in', 'New York']]],
    ['too little', '«Ada» sailed!', ['Ada', 'sailed'], [['«', 'Ada', '»', 'sailed', '!']]],
    ['nothing', 'Ada!', [], [['Ada', '!']]],
    ['nothing of nothing', ' ', [], [[]]],
    [
      'too little in sentences',
      '(a) b. (c) d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [
        ['(', 'a', ')', 'b', '.', '('],
        ['c', ')', 'd'],
      ],
    ],
    [
      'the same words in every sentence',
      'a b ; a b',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      [
        ['a', 'b', ';'],
        ['a', 'b'],
      ],
    ],
    ['sentences without words', 'a ! b', [[], ['a'], [], ['b'], []], [[], ['a', '!'], [], ['b'], []]],
    ['a leftover before all sentences', '! a b', [['a'], ['b']], [['!', 'a'], ['b']]],
    // A reader sees one character, so it is one token.
    ['half a character', 'e\u0301a', [['e'], ['\u0301a']], [['e\u0301a'], []]],
  ])('that gives %s', (_, text, given, words) => {
    const document = lists(text, given);
    expect(wordsOf(document)).toEqual(words);
    expectOffsets(document);
  });

  it('is refused where it gives a word that the text does not have there', () => {
    for (const [given, found] of [
      [['Ada', 'rowed'], 'rowed'],
      [['sailed', 'Ada'], 'Ada'],
      [[['Ada'], ['ada']], 'ada'],
    ]) {
      const error = usage({
        message: expect.stringContaining('the text does not have this word behind'),
        found,
      });
      expect(() => ofAnything('Ada sailed', () => given)).toThrow(error);
    }
  });

  it('is refused where it gives neither strings nor offsets', () => {
    for (const found of [undefined, null, 'Ada', 7, {}]) {
      expect(() => ofAnything('Ada', () => found)).toThrow(
        usage({ message: 'these are no tokens of the text' }),
      );
    }
    for (const found of [[7], [['Ada'], 7], [['Ada'], [null]], ['Ada', { start: 0, end: 3 }]]) {
      expect(() => ofAnything('Ada', () => found)).toThrow(
        usage({ message: expect.stringContaining('offsets') }),
      );
    }
  });

  it(`loses nothing of random texts, and keeps every sentence's words together, seed ${seed}`, () => {
    const random = seeded(3);
    const pick = <T>(list: readonly T[]) => list[random.below(list.length)];
    const alphabet = [
      'a',
      'b',
      'ab',
      '!',
      '…',
      ' ',
      '  ',
      '\u00a0',
      '\r\n',
      '😂',
      'e\u0301',
      '東',
      'א',
      'x1',
    ];
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: random.below(30) }, () => pick(alphabet)).join('');
      // Some of the words, in some sentences.
      const found = [...text.matchAll(/[a-z]+|\p{L}/gu)].filter(() => random.below(4) > 0);
      const given: string[][] = [[]];
      for (const [word] of found) {
        if (random.below(3) === 0) given.push([]);
        given[given.length - 1].push(word);
      }
      const document = lists(text, given);
      expectOffsets(document);
      const words = wordsOf(document);
      expect(words, `round ${round}`).toHaveLength(given.length);
      expect(words.flat().join('')).toBe(text.replaceAll(/\s/g, ''));
      given.forEach((sentence, s) => {
        if (sentence.length === 0) return;
        // A mark that the tokenizer left goes to its word's token.
        const joined = words[s].join(' ');
        let at = 0;
        for (const word of sentence) {
          const start = joined.indexOf(word, at);
          expect(start, `round ${round}: ${JSON.stringify([text, given, words])}`).toBeGreaterThanOrEqual(at);
          at = start + word.length;
        }
        if (s > 0) expect(words[s][0].startsWith(sentence[0])).toBe(true);
      });
    }
  });

  it('may be any of those that models have', () => {
    const text = 'Dr. Ada Weller can\'t sail to "Port Elena" (https://example.org) 😂!';
    const tokenizer = createTokenizer({ kind: 'treebank' });
    const tokens = tokenizer.tokenize(text, 0);
    expect(of(text, (own) => tokenizer.tokenize(own, 0)).sentences).toEqual([{ tokens }]);
    expect(of(text, () => tokens.map((token) => token.text)).sentences).toEqual([{ tokens }]);
  });
});
