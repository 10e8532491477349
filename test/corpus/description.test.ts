import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { corpusSchema } from '../../src/corpus/description.js';
import { projectFolder } from './files.js';

const files = { train: 'a', dev: 'b' };
const messages = (input: unknown) =>
  corpusSchema.safeParse(input).error?.issues.map(({ message }) => message);

describe('the description of a corpus', () => {
  for (const file of readdirSync(join(projectFolder, 'corpora')).filter((name) => name.endsWith('.yaml'))) {
    it(`is right in ${file}, with a licence and a way to get the files`, async () => {
      const description = corpusSchema.parse(
        parse(await readFile(join(projectFolder, 'corpora', file), 'utf8')),
      );
      expect(`${description.name}.yaml`).toBe(file);
      for (const text of [description.title, description.licence, description.source, description.get])
        expect(text).toBeTruthy();
    });
  }

  it('needs a format, its options and files alone, and fills in the rest', () => {
    expect(corpusSchema.parse({ format: 'conll', columns: ['word', null, 'ner'], files })).toEqual({
      name: 'corpus',
      format: 'conll',
      columns: ['word', null, 'ner'],
      separator: 'whitespace',
      comments: false,
      scheme: 'auto',
      files: { train: ['a'], dev: ['b'] },
    });
  });

  it('stays the same when it is checked again', () => {
    const once = corpusSchema.parse({ format: 'conllu', files, scheme: 'bilou' });
    expect(once.scheme).toBe('bioes');
    expect(corpusSchema.parse(once)).toEqual(once);
  });

  for (const [what, input] of Object.entries({
    'an unknown key': { format: 'conllu', files, colums: ['word'] },
    'an option of another format': { format: 'conllu', files, separator: 'tab' },
    'an unknown format': { format: 'conl', files },
    'an unknown scheme': { format: 'conllu', files, scheme: 'bieos' },
    'columns without word': { format: 'conll', columns: ['token', 'ner'], files },
    'columns with nothing to learn': { format: 'conll', columns: ['word', '_'], files },
    'two columns of one name': { format: 'conll', columns: ['word', 'ner', 'ner'], files },
    'a line end as separator': { format: 'conll', columns: ['word', 'ner'], separator: '\n', files },
    'neither files nor split': { format: 'conllu' },
    'files and split': { format: 'conllu', files, split: { files: 'a', folds: 3, dev: 1 } },
    'a fold beyond the last': { format: 'conllu', split: { files: 'a', folds: 3, dev: 4 } },
    'dev and test of one fold': { format: 'conllu', split: { files: 'a', folds: 3, dev: 2, test: 2 } },
    'a sha256 that is none': { format: 'conllu', files, sha256: { a: 'abc' } },
  })) {
    it(`is refused with ${what}`, () => {
      expect(messages(input)).toHaveLength(1);
    });
  }
});
