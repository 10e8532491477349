import { describe, expect, it } from 'vitest';
import type { Document } from '../../src/text/document.js';
import {
  expectTokensInText,
  idsOf,
  problemsOf,
  readStream,
  seed,
  sourceConformance,
  textsOf,
} from '../conformance/source.js';
import { randomNumbers } from '../text/random-spans.js';
import { randomText } from './random-text.js';

const from = 'jsonl' as const;

sourceConformance('jsonl', {
  options: { from },
  ending: '.ndjson',
  sample: [
    '{"text": "Zoë met Ada.", "id": "a"}',
    '',
    '{"id": 7, "text": "Sm\\u00f8r\\n😂", "year": 1987}',
    ' \t',
    '{"text": "The café"}',
    '{"text": "", "tokens": null}',
    '{"tokens": [["Rain", "fell"], ["é", "."]]}',
    '',
  ].join('\n'),
  texts: ['Zoë met Ada.', 'Smør\n😂', 'The café', '', 'Rain fell é .'],
});

const one = async (value: unknown, options = {}): Promise<Document> => {
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  const outcomes = await readStream(json, { from, ...options });
  expect(problemsOf(outcomes)).toEqual([]);
  return outcomes[0].document!;
};

const problem = async (value: unknown, options = {}): Promise<string> => {
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  const outcomes = await readStream(`{"text":"before"}\n${json}\n{"text":"after"}`, { from, ...options });
  expect(textsOf(outcomes)).toEqual(['before', 'after']);
  return problemsOf(outcomes).join('\n');
};

describe('ids of JSON lines', () => {
  it('come out as they went in, numbers as numbers', async () => {
    const values = ['x', '', 7, -1.5, 0, true, false];
    for (const id of values) {
      const document = await one({ id, text: 'Hello.' });
      expect(document.id).toBe(String(id));
      expect(document.fields?.id ?? document.id).toBe(id);
    }
  });

  it('keep every digit of numbers that no float holds', async () => {
    for (const id of ['1234567890123456789', '-9007199254740993', '123456789012345678901234567890']) {
      const document = await one(
        `{"id": ${id}, "text": "no. 1234567890123456789 \\" 1", "other": [${id}, 1.5, 2]}`,
      );
      expect(document.id).toBe(id);
      expect(document.text).toBe('no. 1234567890123456789 " 1');
      expect(document.fields).toEqual({ other: [id, 1.5, 2] });
    }
  });

  it('are made of the path and a number where there is none, counting every record', async () => {
    const outcomes = await readStream('{"text":"a"}\n\n{"text":1}\n{"text":"b","id":null}', { from });
    expect(idsOf(outcomes)).toEqual(['-#1', '-#3']);
  });

  it('and texts may be in other fields', async () => {
    const document = await one(
      { doc: 'x', body: 'Hello.', date: '1.1.' },
      { idField: 'doc', textField: 'body' },
    );
    expect(document).toEqual({ id: 'x', text: 'Hello.', sentences: [], fields: { date: '1.1.' } });
  });

  it('that are lists are refused', async () => {
    expect(await problem({ id: [1], text: '' })).toBe(
      '-:2 id: this is no id\n  expected: a string or a number\n  found: [1]\n  try: --id-field with the name of another field',
    );
  });
});

describe('fields of JSON lines', () => {
  it('pass through, but for those that the output writes', async () => {
    const others = { label: 'x', nested: { a: [1, null, { b: '\ud800' }] }, constructor: 1, _: '' };
    const written = { entities: [1], nbest: 2, windows: 3, tokens: undefined };
    const document = await one({ ...others, ...written, id: 'i', text: 't' });
    expect(document).toEqual({ id: 'i', text: 't', sentences: [], fields: others });
  });

  it('named __proto__ are fields like others', async () => {
    const document = await one('{"text": "t", "__proto__": {"polluted": true}}');
    expect(Object.keys(document.fields!)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('keep NUL and lone surrogates', async () => {
    const document = await one('{"text": "a\\u0000b \\ud83d c", "x": "\\udc00"}');
    expect([document.text, document.fields?.x]).toEqual(['a\0b \ud83d c', '\udc00']);
  });
});

describe('JSON lines that are no documents', () => {
  it.each([
    ['{"text": "a"', /^-:2:13: the line is no JSON\n/],
    ['{"text": "a"} {"text": "b"}', /^-:2:15: the line is no JSON\n/],
    ['hello', /^-:2: the line is no JSON\n.*\n {2}found: "hello"\n {2}try: --from lines/],
    ['[{"text": "a"}]', /^-:2: the line is no JSON object\n.*\n.*\n {2}try: jq -c/],
    ['"text"', /^-:2: the line is no JSON object\n/],
    ['null', /^-:2: the line is no JSON object\n/],
    [
      '{"id": "x", "body": "a", "title": "b", "year": 1}',
      /^-:2 text: the record has no text\n.*\n {2}found: the fields "id", "body", "title", "year"\n {2}try: --text-field body, or title$/,
    ],
    ['{}', /^-:2 text: the record has no text\n.*\n {2}found: the fields \(none\)$/],
    ['{"text": 5}', /^-:2 text: the text is no string\n.*\n {2}found: 5$/],
    ['{"text": null, "a": 1}', /^-:2 text: the text is no string\n.*\n {2}found: null$/],
  ])('%s', async (json, message) => {
    expect(await problem(json)).toMatch(message);
  });

  it('are those of a depth that would end the stack', async () => {
    for (const [open, close] of ['[]', ['{"a":', '}']]) {
      const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
      expect(await problem(`{"text": "a", "x": ${deep}}`)).toMatch(/^-:2: the JSON is nested too deep\n/);
      expect(await problem(`{"text": ${deep}}`)).toMatch(/^-:2: the JSON is nested too deep\n/);
      expect(await problem(`[${deep}]`)).toMatch(/^-:2: the line is no JSON object\n/);
    }
  });
});

describe('tokens of JSON lines', () => {
  const words = ({ sentences }: Document) => sentences.map(({ tokens }) => tokens.map(({ text }) => text));

  it('as strings are one sentence, and the text is the tokens with a space between', async () => {
    const document = await one({ tokens: ['Zoë', 'sailed', '😂', 'home'] });
    expect(document.text).toBe('Zoë sailed 😂 home');
    expect(words(document)).toEqual([['Zoë', 'sailed', '😂', 'home']]);
    expectTokensInText(document);
  });

  it('as lists of strings are sentences', async () => {
    const document = await one({ tokens: [['Rain', '.'], [], ['Rain']] });
    expect(document.text).toBe('Rain . Rain');
    expect(words(document)).toEqual([['Rain', '.'], ['Rain']]);
    expectTokensInText(document);
  });

  it('are found in the text in their order', async () => {
    const document = await one({
      text: 'Rain,  rain\u00A0and rain.',
      tokens: ['Rain', ',', 'rain', 'and', 'rain', '.'],
    });
    expect(document.sentences[0].tokens.map(({ start }) => start)).toEqual([0, 4, 7, 12, 16, 20]);
    expectTokensInText(document);
  });

  it('may be offsets, in UTF-16 code units or in code points', async () => {
    const text = '😂 Ada 😂.';
    const utf16 = [
      { start: 0, end: 2 },
      { start: 3, end: 6, text: 'Ada' },
      { start: 7, end: 9 },
      { start: 9, end: 10 },
    ];
    const codepoint = [
      { start: 0, end: 1 },
      { start: 2, end: 5, text: 'Ada' },
      { start: 6, end: 7 },
      { start: 7, end: 8 },
    ];
    const expected = await one({ text, tokens: utf16 });
    expect(words(expected)).toEqual([['😂', 'Ada', '😂', '.']]);
    expect(await one({ text, tokens: codepoint }, { offsets: 'codepoint' })).toEqual(expected);
    const sentences = await one({ text, tokens: [utf16.slice(0, 2), utf16.slice(2)] });
    expect(words(sentences)).toEqual([
      ['😂', 'Ada'],
      ['😂', '.'],
    ]);
  });

  it('may be none, and then nothing cuts the text into others', async () => {
    const sentences = [{ tokens: [] }];
    expect(await one({ tokens: [] })).toMatchObject({ text: '', sentences });
    expect(await one({ text: 'Rain fell.', tokens: [] })).toMatchObject({ text: 'Rain fell.', sentences });
  });

  it.each([
    [{ tokens: 'a b' }, /^-:2 tokens: this is no list of tokens\n/],
    [{ tokens: ['a', ''] }, /^-:2 tokens\[1\]: this is no token\n/],
    [{ tokens: ['a', 5] }, /^-:2 tokens\[1\]: this is no token\n.*\n {2}found: 5$/],
    [{ tokens: [['a'], 'b'] }, /^-:2 tokens\[1\]: this is no list of tokens\n/],
    [{ tokens: ['a', ['b']] }, /^-:2 tokens\[1\]: this is no token\n/],
    [
      { text: 'Ada met Zoë', tokens: ['Ada', 'Zoë', 'met'] },
      /^-:2 tokens\[2\]: the token is not in the text\n {2}expected: "met" after character 11 /,
    ],
    [{ tokens: [{ start: 0, end: 1 }] }, /^-:2 tokens\[0\]: tokens with offsets, but no text\n/],
    [
      { text: 'Ada', tokens: [{ start: 0, end: 4 }] },
      /^-:2 tokens\[0\]: the offsets of the token do not fit\n/,
    ],
    [{ text: 'Ada', tokens: [{ start: 1, end: 1 }] }, /^-:2 tokens\[0\]: the offsets/],
    [{ text: 'Ada', tokens: [{ start: -1, end: 1 }] }, /^-:2 tokens\[0\]: the offsets/],
    [{ text: 'Ada', tokens: [{ start: 0.5, end: 1 }] }, /^-:2 tokens\[0\]: the offsets/],
    [{ text: 'Ada', tokens: [{ end: 1 }] }, /^-:2 tokens\[0\]: the offsets/],
    [
      { text: 'Ada', tokens: [[{ start: 0, end: 2 }], [{ start: 1, end: 3 }]] },
      /^-:2 tokens\[1\]\[0\]: the offsets/,
    ],
    [{ text: 'Ada', tokens: [{ start: 0, end: 1 }, null] }, /^-:2 tokens\[1\]: the offsets/],
    [{ text: '😂', tokens: [{ start: 0, end: 1 }] }, /^-:2 tokens\[0\]: the offsets/],
    [{ text: 'Ada', tokens: [null] }, /^-:2 tokens\[0\]: the offsets/],
    [
      { text: '😂 Ada', tokens: [{ start: 2, end: 5, text: 'Ada' }] },
      /^-:2 tokens\[0\]: the token is not what stands at its offsets\n {2}expected: " Ad", from 2 to 5 \(utf16\)\n {2}found: "Ada"\n {2}try: --offsets codepoint/,
    ],
  ])('that do not fit are refused: %j', async (value, message) => {
    expect(await problem(value)).toMatch(message);
  });

  it('of random texts give the offsets back in both units', async () => {
    for (let run = 0; run < 200; run++) {
      const random = randomNumbers(seed * 1000 + run);
      const text = randomText(random, 40);
      const characters = [...text];
      const tokens: { start: number; end: number }[] = [];
      for (let at = 0; at < characters.length; ) {
        const start = at + Math.floor(random() * 3);
        const end = start + 1 + Math.floor(random() * 4);
        if (end <= characters.length) tokens.push({ start, end });
        at = end;
      }
      const units = (count: number) => characters.slice(0, count).join('').length;
      const utf16 = tokens.map(({ start, end }) => ({ start: units(start), end: units(end) }));
      const document = await one({ text, tokens }, { offsets: 'codepoint' });
      const what = `seed ${seed}, run ${run}`;
      expect(
        document.sentences.flatMap((sentence) => sentence.tokens),
        what,
      ).toMatchObject(utf16);
      expectTokensInText(document);
      expect(await one({ text, tokens: utf16 }), what).toEqual(document);
    }
  });
});

it('any text and fields come through JSON lines unchanged', async () => {
  const random = randomNumbers(seed);
  const records = Array.from({ length: 300 }, (_, i) => ({
    id: `${i}${randomText(random, 3)}`,
    text: randomText(random, 60),
    note: randomText(random, 5),
  }));
  const jsonl = records.map((record) => JSON.stringify(record)).join('\n');
  const outcomes = await readStream(jsonl, { from }, () => 1 + Math.floor(random() * 300));
  expect(
    outcomes.map(({ document }) => document),
    `seed ${seed}`,
  ).toEqual(records.map(({ id, text, note }) => ({ id, text, sentences: [], fields: { note } })));
});
