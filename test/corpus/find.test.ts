import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusSchema } from '../../src/corpus/description.js';
import { findCorpus, findDescription } from '../../src/corpus/find.js';
import { folderWith, projectFolder } from './files.js';

const conllu = (more: object) => corpusSchema.parse({ name: 'tiny', format: 'conllu', ...more });
const tiny = conllu({ files: { train: 'train', dev: 'dev' }, licence: 'CC0', get: 'write it yourself' });

describe('the files of a corpus', () => {
  it('are found in corpora/NAME of the working folder', async () => {
    const cwd = await folderWith({ 'corpora/tiny/train': 'x', 'corpora/tiny/dev': 'x' });
    const folder = join(cwd, 'corpora/tiny');
    expect(await findCorpus(tiny, { cwd, taggerCorpora: '' })).toEqual({
      folder,
      files: { train: [join(folder, 'train')], dev: [join(folder, 'dev')], test: undefined },
    });
  });

  it('are found in the first folder of TAGGER_CORPORA that has them all', async () => {
    const half = await folderWith({ 'tiny/train': 'x' });
    const whole = await folderWith({ 'tiny/train': 'x', 'tiny/dev': 'x' });
    const taggerCorpora = [half, whole].join(delimiter);
    expect((await findCorpus(tiny, { cwd: half, taggerCorpora })).folder).toBe(join(whole, 'tiny'));
  });

  for (const [what, manifest] of [
    ['', '{"name": "@x/tiny"}'],
    [' that hides its package.json', '{"name": "@x/tiny", "exports": {"./main.js": "./main.js"}}'],
  ]) {
    it(`are found in an npm package${what} installed above the working folder`, async () => {
      const folder = await folderWith({
        'node_modules/@x/tiny/package.json': manifest,
        'node_modules/@x/tiny/train': 'x',
        'node_modules/@x/tiny/dev': 'x',
        'work/readme': '',
      });
      const found = await findCorpus(
        { ...tiny, package: '@x/tiny' },
        { cwd: join(folder, 'work'), taggerCorpora: '' },
      );
      expect(found.folder).toBe(join(folder, 'node_modules/@x/tiny'));
    });
  }

  it('of a pipeline are found relative to the folders given, and nowhere else', async () => {
    const cwd = await folderWith({
      'corpora/tiny/train': 'x',
      'corpora/tiny/dev': 'x',
      'data/train': '',
      'data/dev': '',
    });
    expect((await findCorpus(tiny, { cwd, folders: ['other', 'data'] })).folder).toBe(join(cwd, 'data'));
    await expect(findCorpus(tiny, { cwd, folders: ['other'] })).rejects.toMatchObject({
      code: 'E_CORPUS_MISSING',
    });
  });

  it('may be given with absolute paths', async () => {
    const folder = await folderWith({ train: 'x', dev: 'x' });
    const description = conllu({ files: { train: join(folder, 'tr*'), dev: join(folder, 'dev') } });
    const { files } = await findCorpus(description, { folders: ['/nowhere'] });
    expect(files).toMatchObject({ train: [join(folder, 'train')], dev: [join(folder, 'dev')] });
  });

  it('missing give an error with every place, the licence and how to get them', async () => {
    const cwd = await folderWith({ 'corpora/tiny/train': 'x', 'more/readme': '' });
    const error = await findCorpus({ ...tiny, package: 'x-tiny' }, { cwd, taggerCorpora: 'more' }).catch(
      (e) => e,
    );
    expect(error.code).toBe('E_CORPUS_MISSING');
    for (const text of [
      `${join(projectFolder, 'corpora/tiny')} (no such folder)`,
      `${join(cwd, 'corpora/tiny')} (lacks dev)`,
      `${join(cwd, 'more/tiny')} (no such folder)`,
      'npm package x-tiny',
      'licence: CC0',
      'write it yourself',
    ]) {
      expect(error.message).toContain(text);
    }
  });

  it('by pattern come in order of their names, without folders', async () => {
    const folder = await folderWith({
      'p1/b': '',
      'p1/a': '',
      'p2/a': '',
      'p1/c/d': '',
      'p10/a': '',
      'a.b': '',
      axb: '',
    });
    const files = async (train: string | string[]) => {
      const found = await findCorpus(conllu({ files: { train, dev: 'axb' } }), { folders: [folder] });
      return found.files.train.map((path) => path.slice(folder.length + 1));
    };
    expect(await files('p?/*')).toEqual(['p1/a', 'p1/b', 'p2/a']);
    expect(await files(['p10/*', 'p1*/a'])).toEqual(['p10/a', 'p1/a']);
    expect(await files('a.*')).toEqual(['a.b']);
  });

  it('without splits are dealt out to folds in order of their names', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `f${String(i + 1).padStart(2, '0')}`);
    const folder = await folderWith(Object.fromEntries(names.map((name) => [name, ''])));
    const split = { files: 'f*', folds: 5, dev: 4, test: 5 };
    const { files } = await findCorpus(conllu({ split }), { folders: [folder] });
    const inOrder = (paths: string[] = []) => paths.map((path) => Number(path.slice(-2)));
    expect(inOrder(files.dev)).toEqual([4, 9]);
    expect(inOrder(files.test)).toEqual([5, 10]);
    expect(inOrder(files.train)).toEqual([1, 2, 3, 6, 7, 8, 11, 12]);
  });
});

describe('the description of a corpus by name', () => {
  it("is the user's own before that of tagger", async () => {
    const cwd = await folderWith({ 'corpora/wnut17.yaml': '' });
    expect(await findDescription('wnut17', { cwd })).toBe(join(cwd, 'corpora/wnut17.yaml'));
    expect(await findDescription('brown', { cwd })).toBe(join(projectFolder, 'corpora/brown.yaml'));
  });

  it('that is missing gets the nearest name', async () => {
    const cwd = await folderWith({ readme: '' });
    await expect(findDescription('wnut71', { cwd })).rejects.toMatchObject({
      code: 'E_CORPUS_MISSING',
      problems: [{ hint: 'wnut17', expected: expect.stringContaining('conll2003') }],
    });
  });
});
