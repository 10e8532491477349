import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openVectors } from '../../src/embeddings/vectors/index.js';
import { contentOf, glove, type Rows, refusalOf, rows, useFolder } from './vectors-support.js';

const folder = useFolder();
const cached = () =>
  readdirSync(process.env.TAGGER_CACHE!).map((name) => join(process.env.TAGGER_CACHE!, name));

/** Opens and tells whether the source was converted. */
async function open(file: string) {
  let converted = false;
  const vectors = await openVectors(file, {
    onProgress: () => {
      converted = true;
    },
  });
  return { converted, vectors };
}

it('the second opening reads the cache and finds the same, warnings included', async () => {
  const file = folder.write('vectors', Buffer.concat([glove(rows), glove(rows)]));
  const first = await open(file);
  const second = await open(file);
  expect([first.converted, second.converted]).toEqual([true, false]);
  expect(contentOf(second.vectors)).toEqual(rows);
  expect(rows.map(([word]) => second.vectors.row(word))).toEqual([0, 1, 2, 3, 4]);
  expect(second.vectors.warnings).toEqual(first.vectors.warnings);
  expect(second.vectors.warnings).toHaveLength(1);
});

it('every number of words and dimensions survives, whatever the alignment', async () => {
  for (let size = 1; size <= 9; size++) {
    const some: Rows = Array.from({ length: size }, (_, row) => [
      `w${'é'.repeat(row)}`,
      Array((size % 4) + 1).fill(row),
    ]);
    const file = folder.write(`vectors-${size}`, glove(some));
    await open(file);
    expect(contentOf((await open(file)).vectors)).toEqual(some);
  }
});

it('a changed source is converted anew', async () => {
  const file = folder.write('vectors', 'a 1 2\n');
  utimesSync(file, 1, 1);
  await open(file);
  writeFileSync(file, 'b 1 2\n');
  const { converted, vectors } = await open(file);
  expect(converted).toBe(true);
  expect(vectors.word(0)).toBe('b');
});

it('a source reached through a link has one cache file', async () => {
  const file = folder.write('vectors', glove(rows));
  symlinkSync(file, join(folder.path, 'link'));
  await open(file);
  expect((await open(join(folder.path, 'link'))).converted).toBe(false);
  expect(cached()).toHaveLength(1);
});

it('a cache file that is cut, empty or something else is replaced', async () => {
  const file = folder.write('vectors', glove(rows));
  await open(file);
  const [cacheFile] = cached();
  const whole = readFileSync(cacheFile);
  const damages = [
    () => truncateSync(cacheFile, whole.length - 1),
    () => truncateSync(cacheFile, 6),
    () => truncateSync(cacheFile, 0),
    () => writeFileSync(cacheFile, 'something else altogether'),
    () => writeFileSync(cacheFile, Buffer.concat([whole, Buffer.alloc(1)])),
  ];
  for (const damage of damages) {
    damage();
    const { converted, vectors } = await open(file);
    expect(converted).toBe(true);
    expect(contentOf(vectors)).toEqual(rows);
    expect(readFileSync(cacheFile).equals(whole)).toBe(true);
  }
});

it('openings at the same time do not disturb each other and leave one file', async () => {
  const file = folder.write('vectors', glove(rows));
  const all = await Promise.all(Array.from({ length: 8 }, () => open(file)));
  for (const { vectors } of all) expect(contentOf(vectors)).toEqual(rows);
  expect(cached()).toHaveLength(1);
});

it('a cache that cannot be written is a warning', async () => {
  process.env.TAGGER_CACHE = join(folder.write('a-file', ''), 'cache');
  const { vectors } = await open(folder.write('vectors', glove(rows)));
  expect(contentOf(vectors)).toEqual(rows);
  expect(vectors.warnings).toEqual([expect.stringContaining('the cache cannot be written')]);
});

it('a cache file that cannot be put in place leaves nothing behind', async () => {
  const file = folder.write('vectors', glove(rows));
  await open(file);
  const [cacheFile] = cached();
  rmSync(cacheFile);
  mkdirSync(join(cacheFile, 'in-the-way'), { recursive: true });
  expect((await open(file)).vectors.warnings).toHaveLength(1);
  expect(cached()).toEqual([cacheFile]);
});

it('a malformed source leaves no cache file', async () => {
  await refusalOf(folder.write('vectors', 'a 1 2\nb 1\n'));
  expect(() => cached()).toThrow('ENOENT');
});

it('the cache is in XDG_CACHE_HOME/tagger when TAGGER_CACHE is not set', async () => {
  process.env.TAGGER_CACHE = '';
  process.env.XDG_CACHE_HOME = folder.path;
  await open(folder.write('vectors', glove(rows)));
  expect(readdirSync(join(folder.path, 'tagger'))).toHaveLength(1);
});
