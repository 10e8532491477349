/** The corpus of a pipeline, and what tells it from another: a result belongs to the sentences that it came from. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { CorpusDescription } from '../corpus/description.js';
import { type Corpus, loadCorpus, type Split } from '../corpus/load.js';
import { describeCorpus } from './corpus.js';
import type { Pipeline } from './schema.js';

/**
 * `base`: the folder that paths in the pipeline are relative to, before the working directory. `places`: whether the
 * splits can locate their tokens. Throws E_CORPUS_…
 */
export async function openCorpus(
  pipeline: Pipeline,
  base?: string,
  places?: boolean,
): Promise<{ description: CorpusDescription; corpus: Corpus }> {
  const description = await describeCorpus(pipeline.corpus);
  const inline = 'format' in pipeline.corpus;
  const folders = inline ? [base ?? '.', '.'].map((folder) => resolve(folder)) : undefined;
  return { description, corpus: await loadCorpus(description, { ...pipeline.corpus, folders, places }) };
}

/** A sha256 of the tokens and tags of each of the splits, under a name that an error can show. */
export function hashesOf(
  { splits }: Corpus,
  names: readonly (keyof Corpus['splits'])[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const split = splits[name];
      return split ? [[`${name} split of the corpus`, hashOf(split)]] : [];
    }),
  );
}

function hashOf({ sentences }: Split): string {
  const hash = createHash('sha256');
  for (const { tokens, tags } of sentences) hash.update(`${tokens.join(' ')}\n${tags.join(' ')}\n`);
  return hash.digest('hex');
}
