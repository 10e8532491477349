/** What goes into `tagger annotate`: inputs that are no documents, parts of a whole, and text that is tokens already. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { range } from '../support/arrays.js';
import { type Ended, workspace } from '../support/workspace.js';

const space = workspace();
beforeAll(() => {
  expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', 'm']).status).toBe(0);
});

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
interface Found {
  readonly id: unknown;
  readonly text: string;
  readonly tokens: readonly Piece[];
  readonly entities: readonly Piece[];
  readonly windows?: readonly { readonly tokens: number; readonly windows: number }[];
  readonly [field: string]: unknown;
}
interface Failed {
  readonly id: unknown;
  readonly place: { readonly file?: string; readonly line?: number; readonly column?: number };
  readonly code: string;
  readonly message: string;
}

const jsonLines = <T>(text: string): T[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
const linesIn = <T>(name: string) => jsonLines<T>(readFileSync(space.path(name), 'utf8'));

const notUtf8 = Buffer.from([0x41, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]);
/** In long words, which take less time than many. */
const megabytes = `Ada Weller opened a bakery in ${'x'.repeat(800)} `.repeat(12_000);
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
/** Texts that other tools choke on, and that are texts all the same. */
const odd = {
  empty: '',
  'a line of 10 MB': megabytes,
  'no spaces': 'Lindby'.repeat(20_000),
  'only emoji': '😂👩‍👩‍👧🏽'.repeat(50),
  'NUL bytes': 'Clara\0sailed \0 home',
};
const good = [
  'Ada Weller opened a bakery in Lindby.',
  'Rain fell on Port Elena all day.',
  'Clara sailed home.',
];

/** Good documents that look as if they were alone, odd ones with their text, bad ones as errors: nothing else. */
function expectPoisoned(
  run: Ended,
  texts: readonly string[],
  failed: readonly [id: unknown, place: object, message: RegExp][],
) {
  expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
  const found = linesIn<Found>('found.jsonl');
  expect(found.map(({ text }) => text.length)).toEqual(texts.map((text) => text.length));
  for (const [i, { text, tokens, entities }] of found.entries()) {
    expect(text === texts[i], `text ${i}`).toBe(true);
    for (const piece of [...tokens, ...entities]) {
      if (text.slice(piece.start, piece.end) !== piece.text) expect.fail(`a piece of text ${i} is elsewhere`);
    }
    if (good.includes(text)) expect(entities.length).toBeGreaterThan(0);
  }
  const errors = linesIn<Failed>('failed.jsonl');
  expect(errors.map(({ id, code }) => ({ id, code }))).toEqual(
    failed.map(([id]) => ({ id, code: 'E_DOCUMENT' })),
  );
  for (const [i, [, place, message]] of failed.entries()) {
    expect(errors[i].place).toMatchObject(place);
    expect(errors[i].message).toMatch(message);
  }
  expect(run.stderr).toMatch(new RegExp(`; ${failed.length} failed[;\n]`));
}

const annotate = (...args: string[]) =>
  space.run(['annotate', 'm', '--force', '-o', 'found.jsonl', '--errors', 'failed.jsonl', ...args]);
const buffers = (...parts: readonly (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

describe('poison next to good documents costs nobody but itself', () => {
  it('as JSON lines', () => {
    const { 'lone surrogates': lone, ...record } = {
      ...odd,
      'lone surrogates': 'Ada \ud83d sailed \udc00 home',
    };
    const object = (id: string, text: string) => `${JSON.stringify({ id, text })}\n`;
    space.write(
      'a.jsonl',
      buffers(
        object('g0', good[0]),
        ...Object.entries(record).map(([id, text]) => object(id, text)),
        object('lone surrogates', lone),
        '{"id":"not UTF-8","text":"',
        notUtf8,
        '"}\n',
        object('g1', good[1]),
        `${deep}\n{"id": 9007199254740993, "text": "deep", "x": ${deep}}\n`,
        '{"text": "unfinished\n\n[]\nnull\n{"id": 7}\n{"id": true, "text": 7}\n{"id": {}, "text": "x"}\n\0\n',
        object('g2', good[2]),
        '{"id": "no line end", "text": ""}',
      ),
    );
    const at = (line: number) => ({ file: 'a.jsonl', line });
    expectPoisoned(
      annotate('a.jsonl'),
      [good[0], ...Object.values(record), lone, good[1], good[2], ''],
      [
        ['a.jsonl#8', { ...at(8), column: 28 }, /^the file is not UTF-8$/],
        ['a.jsonl#10', at(10), /^the line is no JSON object$/],
        ['a.jsonl#11', at(11), /^the JSON is nested too deep$/],
        ['a.jsonl#12', at(12), /^the line is no JSON$/],
        // An empty line is none.
        ['a.jsonl#13', at(14), /^the line is no JSON object$/],
        ['a.jsonl#14', at(15), /^the line is no JSON object$/],
        [7, at(16), /^the record has no text$/],
        [true, at(17), /^the text is no string$/],
        ['a.jsonl#17', at(18), /^this is no id$/],
        ['a.jsonl#18', at(19), /^the line is no JSON$/],
      ],
    );
    const ids = linesIn<Found>('found.jsonl').map(({ id }) => id);
    expect(ids).toEqual(['g0', ...Object.keys(record), 'lone surrogates', 'g1', 'g2', 'no line end']);
  });

  it('as CSV with broken quotes', () => {
    const { 'a line of 10 MB': long, ...texts } = odd;
    const rows = Object.entries(texts).map(([id, text]) => `${id},${text}\n`);
    space.write(
      'a.csv',
      buffers(
        `id,text\ng0,${good[0]}\n${rows.join('')}long,"${long}"\n2,"broken" quote\n3,"open\ng1,"${good[1]}"\n5,`,
        notUtf8,
        `\n6,too,many\n7\n8,"never closed\ng2,${good[2]}\n`,
      ),
    );
    const at = (line: number) => ({ file: 'a.csv', line });
    const run = annotate('a.csv');
    expectPoisoned(
      run,
      [good[0], ...Object.values(texts), long, good[1], good[2]],
      [
        ['a.csv#7', at(8), /^a quoted cell goes on after its closing quote$/],
        ['a.csv#8', at(9), /^a quoted cell goes on after its closing quote$/],
        ['a.csv#10', { ...at(11), column: 4 }, /^the file is not UTF-8$/],
        ['a.csv#11', at(12), /^the row has too many cells$/],
        ['a.csv#12', at(13), /^the row has too few cells$/],
        ['a.csv#13', at(14), /^a quote is not closed$/],
      ],
    );
  });

  it('as lines', () => {
    const { empty, ...texts } = odd;
    const lines = buffers(
      `${good[0]}\n${Object.values(texts).join('\n')}\n\n`,
      notUtf8,
      `\n${good[1]}\r\n${good[2]}`,
    );
    space.write('a.txt', lines);
    const at = { file: 'a.txt', line: 7, column: 2 };
    expectPoisoned(
      annotate('a.txt', '--from', 'lines'),
      [good[0], ...Object.values(texts), empty, good[1], good[2]],
      [['a.txt#7', at, /^the file is not UTF-8$/]],
    );
  });

  it('as files of text and of records, and gzip that is cut in the middle', () => {
    const records = range(1, 500).map((id) => `${JSON.stringify({ id, text: good[id % 3] })}\n`);
    const zipped = gzipSync(records.join(''));
    const files: Record<string, string | Uint8Array> = {
      ...Object.fromEntries(Object.values(odd).map((text, i) => [`a${i}.txt`, text])),
      'b.txt': notUtf8,
      'c.txt': good[0],
      'd.txt.gz': gzipSync(megabytes).subarray(0, 10_000),
      'e.txt.gz': 'no gzip',
      'f.txt.gz': '',
      'g.jsonl.gz': zipped.subarray(0, zipped.length / 2),
      'h.csv': 'no header of text\nx\n',
      'i.csv': '"never closed,text\nx,y\n',
      'j.txt': good[1],
    };
    for (const [name, content] of Object.entries(files)) space.write(`p/${name}`, content);
    const run = annotate('p');
    const whole = linesIn<Found>('found.jsonl').filter(({ id }) => typeof id === 'number');
    expect(whole.length).toBeGreaterThan(200);
    expect(whole.map(({ id }) => id)).toEqual(range(1, whole.length));
    const at = (name: string, line = 1) => ({ file: `p/${name}`, line });
    const cut = whole.length + 1;
    expectPoisoned(
      run,
      [...Object.values(odd), good[0], ...whole.map(({ text }) => text), good[1]],
      [
        ['p/b.txt', { ...at('b.txt'), column: 2 }, /^the file is not UTF-8$/],
        ['p/d.txt.gz#1', at('d.txt.gz'), /^the gzip stream is cut off$/],
        ['p/e.txt.gz#1', at('e.txt.gz'), /^the gzip stream is damaged$/],
        ['p/f.txt.gz#1', at('f.txt.gz'), /^the gzip stream is cut off$/],
        [`p/g.jsonl.gz#${cut}`, at('g.jsonl.gz', cut), /^the gzip stream is cut off$/],
        ['p/h.csv#1', at('h.csv', 2), /^the record has no text$/],
        ['p/i.csv#1', at('i.csv'), /^header: a quote is not closed$/],
      ],
    );
  });
});

describe('a document', () => {
  it('keeps its other fields, and its id whatever type it has', () => {
    const ids = ['a', '', 7, -1.5, 0, true, false, '7', 'ä/ö\n'];
    const records = ids.map((id) => ({ id, text: good[0], date: null, more: { deep: [1, 'x'] } }));
    const long = '{"text":"x","id":12345678901234567890}\n{"text":"x","id":null}\n{"text":"x"}\n';
    space.write('ids.jsonl', `${records.map((record) => JSON.stringify(record)).join('\n')}\n${long}`);
    const { stdout, stderr } = space.run(['annotate', 'm', 'ids.jsonl']);
    expect(stderr).toBe('');
    const found = jsonLines<Found>(stdout);
    // A number that would lose digits is a string of them; what has no id is called by its place.
    const last = ['12345678901234567890', 'ids.jsonl#11', 'ids.jsonl#12'];
    expect(found.map(({ id }) => id)).toEqual([...ids, ...last]);
    for (const { date, more } of found.slice(0, ids.length))
      expect([date, more]).toEqual([null, { deep: [1, 'x'] }]);
  });

  it('that is tokens already has as many afterwards, in windows where it is long, and says so', () => {
    const words = range(1, 500).map((i) => (i % 50 === 0 ? 'Port Elena' : `w${i}`));
    const text = words.join('  ');
    const tokens = words.map((word, i) => {
      const start = words.slice(0, i).join('  ').length + (i === 0 ? 0 : 2);
      return { start, end: start + word.length };
    });
    const records = [
      { id: 'strings', tokens: words },
      { id: 'offsets', text, tokens },
      { id: 'sentences', tokens: [words.slice(0, 20), words.slice(20, 40)] },
    ];
    space.write('tokens.jsonl', records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const { stdout, stderr } = space.run(['annotate', 'm', 'tokens.jsonl']);
    expect(stderr).toBe('');
    const [strings, offsets, short] = jsonLines<Found>(stdout);
    for (const found of [strings, offsets]) {
      expect(found.tokens.map(({ text }) => text)).toEqual(words);
      expect(found.windows).toEqual([
        { start: 0, end: found.text.length, tokens: 500, windows: expect.any(Number) },
      ]);
      expect(found.windows?.[0].windows).toBeGreaterThan(500 / 50);
    }
    expect(strings.text).toBe(words.join(' '));
    expect(offsets.tokens.map(({ start, end }) => ({ start, end }))).toEqual(tokens);
    expect(short.tokens.map(({ text }) => text)).toEqual(words.slice(0, 40));
    expect(short.windows).toBeUndefined();
  });
});

describe('shards', () => {
  const ids = (...args: string[]) => {
    const { status, stdout } = space.run(['annotate', 'm', 's', '--from', 'jsonl', ...args]);
    expect(status).toBe(0);
    return jsonLines<Found>(stdout).map(({ id }) => id as number);
  };

  it('are the whole together, each in order, over all inputs', () => {
    for (const [name, first, last] of [
      ['a', 1, 3],
      ['b', 4, 4],
      ['c', 5, 11],
    ] as const) {
      const lines = range(first, last).map((id) => `${JSON.stringify({ id, text: good[id % 3] })}\n`);
      space.write(`s/${name}.jsonl`, lines.join(''));
    }
    expect(ids()).toEqual(range(1, 11));
    expect(ids('--shard', '1/3')).toEqual([1, 4, 7, 10]);
    expect(ids('--shard', '2/3')).toEqual([2, 5, 8, 11]);
    expect(ids('--shard', '3/3')).toEqual([3, 6, 9]);
    expect(ids('--shard', '12/12')).toEqual([]);
  });

  it.each([
    ['Kubernetes', 'auto/3', { JOB_COMPLETION_INDEX: '2' }],
    ['Slurm', 'auto', { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '3' }],
    ['AWS Batch', 'auto', { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '3' }],
  ])('are named by %s', (_, shard, environment) => {
    Object.assign(process.env, environment);
    try {
      expect(ids('--shard', shard)).toEqual([3, 6, 9]);
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }
  });
});
