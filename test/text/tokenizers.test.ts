import { describe, expect, it } from 'vitest';
import type { Token } from '../../src/text/document.js';
import { createTokenizer, tokenizerKinds, tokenizerOptions } from '../../src/text/tokenizers/index.js';
import { randomNumbers } from './random-spans.js';

const configs: Record<keyof typeof tokenizerKinds, object> = {
  treebank: {},
  'word-punct': {},
  orthography: { language: 'fi' },
  regexp: { pattern: '\\p{L}[\\p{L}\\p{M}]*' },
  whitespace: {},
  unicode: {},
};
const make = (kind: string, options: object = configs[kind as keyof typeof configs]) =>
  createTokenizer(tokenizerOptions.parse({ kind, ...options }));
const words = (tokens: Token[]) => tokens.map(({ text }) => text);

// biome-ignore format: a list
const alphabet = [
  ...'aBé\'"`“”‘’.,;:!?()[]<>&%$@#-_/\\0 7\t\n\r\u00a0\u2003\ufeff\u0301东日ßЖ',
  '😂', '👨‍👩‍👧', '👍🏽', '🇳🇴', '\ud83c\udde8', '\ud83d', '#a', '@b', '1:2', "n't", 'cannot', 'gimme', '...', '--', 'http://a.b/c?d=1', 'x@y.org', 'U.S.', '$&',
  '-LRB-', '``', "''", '{{DELIM_0}}', '  ', ' ', ' ', ' ',
];

function randomText(random: () => number): string {
  const length = Math.floor(random() * 40);
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

function faultOf(text: string, tokens: Token[], base: number): string | undefined {
  let end = 0;
  for (const token of tokens) {
    if (text.slice(end, token.start - base).trim()) return `lost before ${token.start}`;
    if (text.slice(token.start - base, token.end - base) !== token.text) return `offsets of "${token.text}"`;
    if (token.start - base < end || !token.text.trim()) return `order or content at ${token.start}`;
    end = token.end - base;
  }
  return text.slice(end).trim() && 'lost at the end';
}

describe.each(Object.keys(tokenizerKinds))('%s', (kind) => {
  const tokenizer = make(kind);

  it('gives offsets into the original text and loses nothing but white space', () => {
    const seed = 11;
    const random = randomNumbers(seed);
    for (let i = 0; i < 2000; i++) {
      const text = randomText(random);
      const fault = faultOf(text, tokenizer.tokenize(text, i % 3), i % 3);
      if (fault) expect.fail(`seed ${seed}, text ${JSON.stringify(text)}: ${fault}`);
    }
  });

  it('finds no token in nothing', () => {
    expect(tokenizer.tokenize('')).toEqual([]);
    expect(tokenizer.tokenize(' \n\u00a0')).toEqual([]);
  });

  it('cuts no character that is one to the reader', () => {
    expect(words(tokenizer.tokenize('so 😂 👍🏽 e\u0301te\u0301'))).toEqual([
      'so',
      '😂',
      '👍🏽',
      'e\u0301te\u0301',
    ]);
  });

  it('does not cut words at letters outside ASCII', () => {
    expect(words(tokenizer.tokenize('café naïve Москва Łódź'))).toEqual(['café', 'naïve', 'Москва', 'Łódź']);
  });
});

describe('treebank tokens', () => {
  const cases: [string, string][] = [
    ['Empire State Building = ESB.', 'Empire State Building = ESB .'],
    ["They can't, won’t; cannot!", "They ca n't , wo n’t ; can not !"],
    ['He said "No."', 'He said " No . "'],
    ["the 'Titanic' sank (twice).", "the ' Titanic ' sank ( twice ) ."],
    ["John's and the boys' cars", "John 's and the boys ' cars"],
    ['Mr. Smith of the U.S. paid $1,000.50 (10%)', 'Mr. Smith of the U.S. paid $ 1,000.50 ( 10 % )'],
    ['Wait... what--no', 'Wait ... what -- no'],
    ['see http://a.com/b?c=1, or mail me@b.org.', 'see http://a.com/b?c=1 , or mail me@b.org .'],
  ];
  it.each(cases)('of %s', (text, expected) => {
    expect(words(make('treebank').tokenize(text)).join(' ')).toBe(expected);
  });
});

/** What people write, and how each tokenizer cuts it. */
describe('tokens of', () => {
  const cases: [what: string, text: string, byKind: Record<string, string>][] = [
    [
      'abbreviations',
      'Prof. Lund met Mr. Ng in the U.S., i.e. at 9 a.m. sharp',
      {
        treebank: 'Prof. Lund met Mr. Ng in the U.S. , i.e. at 9 a.m. sharp',
        unicode: 'Prof . Lund met Mr . Ng in the U.S . , i.e . at 9 a.m . sharp',
        whitespace: 'Prof. Lund met Mr. Ng in the U.S., i.e. at 9 a.m. sharp',
      },
    ],
    [
      'numbers',
      '-3.5 to 1,000.25 on 2031-04-05 at 10:30, 1/2 of 7% or €50',
      {
        treebank: '-3.5 to 1,000.25 on 2031-04-05 at 10:30 , 1/2 of 7 % or € 50',
        'word-punct': '- 3.5 to 1 , 000.25 on 2031 - 04 - 05 at 10 : 30 , 1 / 2 of 7 % or € 50',
        unicode: '- 3.5 to 1,000.25 on 2031 - 04 - 05 at 10 : 30 , 1 / 2 of 7 % or € 50',
      },
    ],
    [
      'addresses',
      'write to a.b+c@mail.test.org or see https://x.test/a?b=1&c=(2), www.y.test/z!',
      {
        treebank: 'write to a.b+c@mail.test.org or see https://x.test/a?b=1&c=(2 ) , www.y.test/z !',
        whitespace: 'write to a.b+c@mail.test.org or see https://x.test/a?b=1&c=(2), www.y.test/z!',
      },
    ],
    [
      'hashtags and names of users',
      '#fun @ann_w said #5 of C# (#later)',
      {
        treebank: '#fun @ann_w said # 5 of C # ( #later )',
        unicode: '# fun @ ann_w said # 5 of C # ( # later )',
      },
    ],
    [
      'emoji',
      'ok👍🏽 👨‍👩‍👧‍👦! 🇳🇴🇸🇪 ❤️',
      {
        treebank: 'ok 👍🏽 👨‍👩‍👧‍👦 ! 🇳🇴 🇸🇪 ❤️',
        'word-punct': 'ok 👍🏽 👨‍👩‍👧‍👦 ! 🇳🇴 🇸🇪 ❤️',
        unicode: 'ok 👍🏽 👨‍👩‍👧‍👦 ! 🇳🇴 🇸🇪 ❤️',
      },
    ],
    [
      'Chinese and Japanese, a character each where no dictionary is asked',
      '東京へ行く。北京',
      {
        treebank: '東 京 へ 行 く 。 北 京',
        unicode: '東京 へ 行く 。 北京',
      },
    ],
    [
      'text from right to left',
      'מה שלומך? أين، هنا.',
      {
        treebank: 'מה שלומך ? أين ، هنا .',
        'word-punct': 'מה שלומך ? أين ، هنا .',
        unicode: 'מה שלומך ? أين ، هنا .',
      },
    ],
    ['Finnish', "Äidin työ, rock'n'roll", { orthography: "Äidin työ , rock ' n ' roll" }],
  ];
  it.each(cases)('%s: %s', (_, text, byKind) => {
    const found = Object.keys(byKind).map((kind) => [kind, words(make(kind).tokenize(text)).join(' ')]);
    expect(Object.fromEntries(found)).toEqual(byKind);
  });
});

describe('regular expressions', () => {
  it('match tokens or the gaps between them; the rest becomes tokens too', () => {
    expect(words(make('regexp', { pattern: '\\w+' }).tokenize('a,b c'))).toEqual(['a', ',', 'b', 'c']);
    expect(words(make('regexp', { pattern: '\\s+', gaps: true }).tokenize('a,b c'))).toEqual(['a,b', 'c']);
  });

  it('are checked when the config is read', () => {
    expect(tokenizerOptions.safeParse({ kind: 'regexp', pattern: '(' }).success).toBe(false);
    expect(tokenizerOptions.safeParse({ kind: 'unicode', locale: '???' }).success).toBe(false);
    expect(tokenizerOptions.safeParse({ kind: 'treebank', x: 1 }).success).toBe(false);
  });
});
