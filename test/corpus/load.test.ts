import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusSchema } from '../../src/corpus/description.js';
import type { FormatOptions } from '../../src/corpus/index.js';
import { loadCorpus, readCorpusFile } from '../../src/corpus/load.js';
import { folderWith } from './files.js';

const bio = 'EU B-ORG\nof I-ORG\nold I-ORG\n\nin O\nRome B-LOC\n';
const iob1 = 'EU I-ORG\nof I-ORG\n\nRome I-LOC\nOslo B-LOC\n';
const describeFiles = (more: object = {}) =>
  corpusSchema.parse({
    name: 'tiny',
    format: 'conll',
    columns: ['word', 'ner'],
    files: { train: 'train', dev: 'dev' },
    ...more,
  });
const load = async (files: Record<string, string>, more?: object, options?: object) => {
  const folder = await folderWith(files);
  return { folder, corpus: loadCorpus(describeFiles(more), { folders: [folder], ...options }) };
};

describe('a loaded corpus', () => {
  it('names the scheme of its files and has its tags in BIOES', async () => {
    const { corpus, folder } = await load({ train: iob1, dev: iob1 });
    const { splits, ...rest } = await corpus;
    expect(rest).toEqual({
      name: 'tiny',
      folder,
      label: 'ner',
      scheme: 'iob1',
      notation: 'IOB1',
      misaligned: [],
      warnings: [],
    });
    expect(splits.train.sentences).toEqual([
      { tokens: ['EU', 'of'], tags: ['B-ORG', 'E-ORG'] },
      { tokens: ['Rome', 'Oslo'], tags: ['S-LOC', 'S-LOC'] },
    ]);
    expect(splits.train.documents.map(({ text }) => text)).toEqual(['EU of\nRome Oslo']);
    expect(splits.test).toBeUndefined();
  });

  it('leaves labels of single tokens as they are', async () => {
    const { corpus } = await load({ train: 'a B-X\n', dev: 'b C\n' }, { scheme: 'none' });
    expect((await corpus).splits.train.sentences[0].tags).toEqual(['B-X']);
  });

  it('joins the files of a split in order', async () => {
    const { corpus } = await load(
      { a: 'x O\n', b: 'y O\n', dev: bio },
      { files: { train: ['b', 'a'], dev: 'dev' } },
    );
    expect((await corpus).splits.train.sentences.map(({ tokens }) => tokens)).toEqual([['y'], ['x']]);
  });

  it('takes the label and the scheme that its user asks for', async () => {
    const files = { train: 'a NN O\n', dev: 'b VB O\n' };
    const { corpus } = await load(
      files,
      { columns: ['word', 'pos', 'ner'] },
      { label: 'pos', scheme: 'none' },
    );
    const { label, splits } = await corpus;
    expect([label, splits.dev.sentences[0].tags]).toEqual(['pos', ['VB']]);
  });

  it('has no column of another name: the nearest is suggested', async () => {
    const { corpus } = await load({ train: bio, dev: bio }, { label: 'nerr' });
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CONFIG',
      problems: [{ hint: 'ner' }],
    });
  });

  it('in mixed schemes is refused with the places', async () => {
    const { corpus, folder } = await load({ train: `${bio}\na O\nb I-LOC\n`, dev: bio });
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CORPUS_FORMAT',
      problems: [{ place: { file: join(folder, 'train'), line: 9, column: 3 } }],
    });
  });

  it('with a dev split in another scheme than train is refused', async () => {
    const { corpus, folder } = await load({ train: bio, dev: iob1 });
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CORPUS_FORMAT',
      problems: [
        { place: { file: join(folder, 'dev'), line: 1 } },
        { place: { file: join(folder, 'dev'), line: 4 } },
      ],
    });
  });

  it('with a tag that breaks the declared scheme, or is no tag, is refused', async () => {
    const { corpus, folder } = await load(
      { train: `\uFEFF${bio}`, dev: 'a LOC\r\nb O\r\n' },
      { scheme: 'bio' },
    );
    await expect(corpus).rejects.toMatchObject({
      problems: [{ message: '"LOC" is no tag', place: { file: join(folder, 'dev'), line: 1, column: 3 } }],
    });
    const declared = await load({ train: '\uFEFFa B-X\n', dev: bio }, { scheme: 'iob1' });
    await expect(declared.corpus).rejects.toMatchObject({ problems: [{ place: { line: 1, column: 3 } }] });
  });

  it('finds what is wrong in all of its files', async () => {
    const { corpus, folder } = await load({ train: 'a\n', dev: '' });
    await expect(corpus).rejects.toMatchObject({
      problems: [{ place: { file: join(folder, 'train') } }, { place: { file: join(folder, 'dev') } }],
    });
  });

  it('may have any number of problems', async () => {
    const { corpus } = await load({ train: 'ragged\n'.repeat(300_000), dev: bio });
    const error = await corpus.catch((error) => error);
    expect(error.problems.length).toBe(300_000);
    expect(error.message).toMatch(/… and 299980 more$/);
  });

  it('with an empty split is refused', async () => {
    const split = { files: 'f*', folds: 10, dev: 9, test: 10 };
    const { corpus } = await load({ f1: bio, f2: bio }, { files: undefined, split });
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CORPUS_FORMAT',
      problems: [
        { message: 'split dev of corpus tiny is empty' },
        { message: 'split test of corpus tiny is empty' },
      ],
    });
  });
});

describe('a changed corpus file', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');

  it('is a warning', async () => {
    const { corpus, folder } = await load(
      { train: bio, dev: bio },
      { sha256: { train: hash('x'), dev: hash(bio) } },
    );
    const { warnings } = await corpus;
    expect(warnings).toEqual([expect.stringContaining(join(folder, 'train'))]);
  });

  it('is an error where that is asked for', async () => {
    const { corpus } = await load({ train: bio, dev: bio }, { sha256: hash('x') }, { changed: 'refuse' });
    await expect(corpus).rejects.toMatchObject({ code: 'E_CORPUS_CHANGED' });
  });

  it('is told by one sha256 of all files in order of their names', async () => {
    const { corpus } = await load({ train: bio, dev: iob1 }, { scheme: 'none', sha256: hash(iob1 + bio) });
    expect((await corpus).warnings).toEqual([]);
  });
});

describe('one corpus file', () => {
  const options: FormatOptions = {
    format: 'conll',
    columns: ['word', 'ner'],
    separator: 'whitespace',
    comments: false,
  };

  it('is read with its tags in BIOES and its own layout at hand', async () => {
    const folder = await folderWith({ test: bio });
    const { file, label, notation, split } = await readCorpusFile(join(folder, 'test'), options);
    expect([label, notation.name, file.name]).toEqual(['ner', 'BIO', join(folder, 'test')]);
    expect(split.sentences[0]).toEqual({ tokens: ['EU', 'of', 'old'], tags: ['B-ORG', 'I-ORG', 'E-ORG'] });
  });

  it('that does not exist is said to be missing', async () => {
    await expect(readCorpusFile('/nowhere/test', options)).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      problems: [{ place: { file: '/nowhere/test' } }],
    });
  });
});
