import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TaggerError } from '../../src/core/errors.js';
import { corpusSchema } from '../../src/corpus/description.js';
import { findCorpus, splitNames } from '../../src/corpus/find.js';
import { type CellFormatOptions, openFormat } from '../../src/corpus/index.js';
import { loadCorpus } from '../../src/corpus/load.js';
import { decodeUtf8 } from '../../src/corpus/utf8.js';
import { expectOffsets } from '../conformance/reader.js';
import { projectFolder, realCorpora } from './files.js';

/** Sentences of train, dev and test as the publishers (or, for brown, our split) give them. */
const sentences = {
  'ud-english-ewt': [12544, 2001, 2077],
  wnut17: [3394, 1009, 1287],
  bc5cdr: [4560, 4581, 4797],
  'ncbi-disease': [5424, 923, 940],
  brown: [46175, 5523, 5642],
};

const schemes: Record<string, string> = { 'ud-english-ewt': 'none', brown: 'none' };

const described = async (name: string) =>
  corpusSchema.parse(parse(await readFile(join(projectFolder, 'corpora', `${name}.yaml`), 'utf8')));

async function isHere(name: string): Promise<boolean> {
  try {
    await findCorpus(await described(name), { taggerCorpora: realCorpora });
    return true;
  } catch (error) {
    if (error instanceof TaggerError && error.code === 'E_CORPUS_MISSING') return false;
    throw error;
  }
}

for (const [name, counts] of Object.entries(sentences)) {
  const here = await isHere(name);
  describe.skipIf(!here)(
    here ? name : `${name} (not here: set TAGGER_CORPORA, or install its package)`,
    () => {
      it('is written byte for byte as it was read, with exact offsets', async () => {
        const description = await described(name);
        const format = openFormat(description as CellFormatOptions);
        const { files } = await findCorpus(description, { taggerCorpora: realCorpora });
        for (const path of splitNames.flatMap((split) => files[split] ?? [])) {
          const bytes = await readFile(path);
          const file = format.read({ name: path, text: decodeUtf8(bytes, path) });
          expect(Buffer.from(format.write(file)).equals(bytes), path).toBe(true);
          expectOffsets(file);
        }
      });

      it('has its number of sentences, its scheme and the described sha256', async () => {
        const corpus = await loadCorpus(await described(name), {
          taggerCorpora: realCorpora,
          changed: 'refuse',
        });
        const { train, dev, test } = corpus.splits;
        expect([train, dev, test].map((split) => split?.sentences.length)).toEqual(counts);
        expect(corpus.scheme).toBe(schemes[name] ?? 'bio');
      });
    },
  );
}

describe('news, the bundled corpus', () => {
  it('has three splits of several documents in BIO', async () => {
    const { splits, scheme, folder } = await loadCorpus(await described('news'));
    expect(folder).toBe(join(projectFolder, 'corpora/news'));
    expect(scheme).toBe('bio');
    for (const split of Object.values(splits)) expect(split.documents.length).toBeGreaterThan(1);
  });
});
