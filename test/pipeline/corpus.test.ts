import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeCorpus } from '../../src/pipeline/corpus.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-corpus-'));
  await mkdir(join(folder, 'corpora'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string) => writeFile(join(folder, 'corpora/own.yaml'), text);

describe('the description of a corpus', () => {
  it('is read by name; label and scheme of the pipeline win', async () => {
    await write('format: conllu\nscheme: none\nfiles: {train: a, dev: b}');
    const found = await describeCorpus({ name: 'own', label: 'xpos' }, { cwd: folder });
    expect(found).toMatchObject({ name: 'own', format: 'conllu', label: 'xpos', scheme: 'none' });
  });

  it('with mistakes is refused with all of them and their places', async () => {
    await write('format: conll\ncolumns: [word, ner]\nscheme: bioess\nfiles: {train: a, deev: b}');
    await expect(describeCorpus({ name: 'own' }, { cwd: folder })).rejects.toMatchObject({
      code: 'E_CONFIG',
      problems: [
        { message: 'unknown value', place: { file: 'corpora/own.yaml', line: 3, column: 9 }, hint: 'bioes' },
        { message: 'missing', place: { file: 'corpora/own.yaml', line: 4, key: 'files.dev' } },
        { message: 'unknown key', place: { file: 'corpora/own.yaml', line: 4, column: 19 }, hint: 'dev' },
      ],
    });
  });

  it('whose format has no such key is not at fault for a key of the pipeline', async () => {
    await write('format: brown\nfiles: {train: a, dev: b}');
    const corpus = describeCorpus({ name: 'own', align: 'drop' }, { cwd: folder });
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CONFIG',
      problems: [{ message: 'unknown key', place: { key: 'corpus.align' } }],
    });
    await write('format: doccano\nfiles: {train: a, dev: b}');
    expect(await describeCorpus({ name: 'own', align: 'drop' }, { cwd: folder })).toMatchObject({
      align: 'drop',
    });
  });

  it('that a pipeline holds itself is taken as it is', async () => {
    const own = { name: 'x', format: 'conllu', scheme: 'auto', files: { train: ['a'], dev: ['b'] } } as const;
    const stage = { ...own, files: { train: ['a'], dev: ['b'] } };
    expect(await describeCorpus(stage)).toBe(stage);
  });
});
