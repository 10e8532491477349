/** Inputs that make other tools crash, hang or drop what stands beside them: here each costs itself at most. */
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSource, type SourceOptions } from '../../src/annotation/sources/index.js';
import { outcomesOf, problemsOf, readStream, seed, textsOf } from '../conformance/source.js';
import { folderWith } from '../corpus/files.js';
import { randomNumbers } from '../text/random-spans.js';

const line = 'Zoë sailed home. '.repeat(600_000);
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const notUtf8 = Buffer.from([0x41, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]);

/** Texts that are odd, but texts. */
const odd = {
  empty: '',
  long: line,
  'no spaces': 'x'.repeat(100_000),
  emoji: '😂👩‍👩‍👧🏽'.repeat(50),
  NUL: 'a\0b\0',
};

async function read(files: Record<string, string | Uint8Array>, options: SourceOptions = {}) {
  const folder = await folderWith(files);
  const outcomes = await outcomesOf(await openSource([folder], options), options);
  // What goes to another thread is cloned.
  for (const { document } of outcomes) structuredClone(document);
  return {
    texts: textsOf(outcomes),
    problems: problemsOf(outcomes).map((problem) => problem.replace(folder, '')),
  };
}

describe('poison', () => {
  it('as files of text', async () => {
    const zipped = gzipSync(line);
    const { texts, problems } = await read({
      ...Object.fromEntries(Object.values(odd).map((text, i) => [`a${i}.txt`, text])),
      'b.txt': notUtf8,
      'c.txt': 'between',
      'd.txt.gz': zipped.subarray(0, zipped.length / 2),
      'e.txt.gz': 'no gzip',
      'f.txt.gz': '',
      'g.txt': 'last',
    });
    expect(texts).toEqual([...Object.values(odd), 'between', 'last']);
    expect(problems).toEqual([
      expect.stringMatching(/^\/b\.txt:1:2: the file is not UTF-8\n/),
      expect.stringMatching(/^\/d\.txt\.gz:1: the gzip stream is cut off\n/),
      expect.stringMatching(/^\/e\.txt\.gz:1: the gzip stream is damaged\n/),
      expect.stringMatching(/^\/f\.txt\.gz:1: the gzip stream is cut off\n/),
    ]);
  });

  it('as JSON lines', async () => {
    const good = (text: string) => JSON.stringify({ text });
    const lines = [
      ...Object.values(odd).map(good),
      good('\ud83d lone \udc00'),
      Buffer.concat([Buffer.from('{"text":"'), notUtf8, Buffer.from('"}')]),
      deep,
      `{"text": "deep", "x": ${deep}}`,
      '{"text": "unfinished',
      '{"text": "a\tb"}',
      '\0',
      good('last'),
    ];
    const { texts, problems } = await read({
      'a.jsonl': Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])),
    });
    expect(texts).toEqual([...Object.values(odd), '\ud83d lone \udc00', 'last']);
    expect(problems.map((problem) => problem.split('\n')[0].replace(/:\d+: /, ': '))).toEqual([
      '/a.jsonl:7: the file is not UTF-8',
      '/a.jsonl: the line is no JSON object',
      '/a.jsonl: the JSON is nested too deep',
      '/a.jsonl:10: the line is no JSON',
      '/a.jsonl:11: the line is no JSON',
      '/a.jsonl: the line is no JSON',
    ]);
  });

  it('as lines', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${Object.values(odd).join('\n')}\n`),
      notUtf8,
      Buffer.from('\nlast'),
    ]);
    const { texts, problems } = await read({ 'a.txt': bytes }, { from: 'lines' });
    expect(texts).toEqual([...Object.values(odd), 'last']);
    expect(problems).toEqual([expect.stringMatching(/^\/a\.txt:6:2: the file is not UTF-8\n/)]);
  });

  it('as rows of CSV', async () => {
    const { long: _, ...texts } = odd;
    const rows = Object.values(texts).map((text) => `1,${text}\n`);
    const bytes = Buffer.concat([
      Buffer.from(`id,text\n${rows.join('')}2,"broken" quote\n3,"open\n4,"good"\n5,`),
      notUtf8,
      Buffer.from('\n6,"never closed\n7,last\n'),
    ]);
    const read1 = await read({ 'a.csv': bytes });
    expect(read1.texts).toEqual([...Object.values(texts), 'good', 'last']);
    expect(read1.problems.map((problem) => problem.split('\n')[0])).toEqual([
      '/a.csv:6: a quoted cell goes on after its closing quote',
      '/a.csv:7: a quoted cell goes on after its closing quote',
      '/a.csv:9:4: the file is not UTF-8',
      '/a.csv:10: a quote is not closed',
    ]);
  });

  it('in the middle of gzip: every record that ends before the damage is read', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `{"id": ${i}, "text": "no. ${i * 7919}"}`);
    const zipped = gzipSync(lines.join('\n'));
    for (let run = 0; run < 5; run++) {
      const random = randomNumbers(seed * 1000 + run);
      // The header holds a time and a system, which may be anything.
      const at = 10 + Math.floor(random() * (zipped.length - 10));
      const cut = zipped.subarray(0, at);
      const damaged = Buffer.from(zipped);
      damaged[at] ^= 1 + Math.floor(random() * 255);
      const before = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH })
        .toString()
        .split('\n')
        .slice(0, -1);
      const good = before.map((line) => JSON.parse(line).text);
      for (const bytes of [cut, damaged]) {
        const { texts, problems } = await read({ 'a.jsonl.gz': bytes });
        const what = `seed ${seed}, run ${run}, ${bytes === cut ? 'cut' : 'damaged'} at ${at}`;
        expect(
          problems.filter((problem) => /gzip stream is (cut off|damaged)/.test(problem)),
          what,
        ).toHaveLength(1);
        // Deflate may take damaged bytes for others before it notices.
        expect(bytes === cut ? texts : texts.slice(0, good.length), what).toEqual(good);
      }
    }
  });

  it('as gzip whose checksum alone is wrong: every record is read', async () => {
    const zipped = gzipSync('{"text": "one"}\n{"text": "two"}\n');
    zipped[zipped.length - 6] ^= 1;
    const { texts, problems } = await read({ 'a.jsonl.gz': zipped });
    expect(texts).toEqual(['one', 'two']);
    expect(problems).toEqual([expect.stringMatching(/^\/a\.jsonl\.gz:3: the gzip stream is damaged\n/)]);
  });

  it('as bytes of any kind, in any format: an error a record, no other', async () => {
    for (const from of ['text', 'lines', 'jsonl', 'csv', 'tsv', 'conll', 'conllu'] as const) {
      for (let run = 0; run < 30; run++) {
        const random = randomNumbers(seed * 1000 + run);
        const alphabet = [...Buffer.from('a1\t\t\n\n\r ",:{}[]-#'), 0, 0xff, 0xc3, 0xa9, 0xef, 0xbb, 0xbf];
        const bytes = Buffer.from(
          Array.from(
            { length: Math.floor(random() * 200) },
            () => alphabet[Math.floor(random() * alphabet.length)],
          ),
        );
        const outcomes = await readStream(bytes, { from }, () => 1 + Math.floor(random() * 20));
        for (const { document } of outcomes) if (document) structuredClone(document);
      }
    }
  });
});
