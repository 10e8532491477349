/** Real corpora as input: the same tokens that the readers of corpora give, cut into documents. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { openSource, type SourceOptions } from '../../src/annotation/sources/index.js';
import { type FormatOptions, openFormat } from '../../src/corpus/index.js';
import { parseFiles, readBytes } from '../../src/corpus/read.js';
import { expectTokensInText, outcomesOf, problemsOf } from '../conformance/source.js';
import { realCorpora } from '../corpus/files.js';

const layout = { columns: ['word', 'ner'], separator: 'tab', comments: false };
const conll: FormatOptions = { format: 'conll', ...layout };
const cases: [file: string, format: FormatOptions, options: SourceOptions][] = [
  ['ud-english-ewt/dev.conllu', { format: 'conllu' }, {}],
  ['wnut17/dev.conll', conll, layout],
  ['ncbi-disease/devel.tsv', conll, { from: 'conll', ...layout }],
];

for (const [file, format, options] of cases) {
  const paths = realCorpora.split(delimiter).map((folder) => join(folder, file));
  const path = paths.find((each) => existsSync(each)) ?? paths[0];
  const here = existsSync(path);
  it.skipIf(!here)(
    `${file}${here ? '' : ' (not there; TAGGER_CORPORA says where corpora are)'}`,
    async () => {
      const outcomes = await outcomesOf(await openSource([path], options), options);
      expect(problemsOf(outcomes)).toEqual([]);
      const documents = outcomes.map(({ document }) => document!);
      for (const document of documents) expectTokensInText(document);
      const [{ documents: expected }] = parseFiles(openFormat(format), [
        { path, bytes: await readBytes(path) },
      ]);
      const words = (all: typeof expected) =>
        all.flatMap(({ sentences }) => sentences.map(({ tokens }) => tokens.map(({ text }) => text)));
      expect(words(documents)).toEqual(words(expected));
      // One document in a corpus without marks is one a sentence here.
      const count = expected.length > 1 ? expected.length : words(expected).length;
      expect(documents.length).toBe(count);
      expect(new Set(documents.map(({ id }) => id)).size).toBe(count);
    },
  );
}
