/** What tells the corpus of a pipeline from another: a result belongs to the sentences that it came from. */
import { createHash } from 'node:crypto';
import type { Corpus, Split } from '../corpus/load.js';
import { columnsOf } from '../tagger/stack.js';
import type { Pipeline } from './schema.js';

/**
 * A sha256 of the tokens, the tags and whatever else the pipeline's model reads of each of the splits, such as other columns or which
 * sentences are of one document, under a name that an error can show.
 */
export function hashesOf(
  { splits }: Corpus,
  names: readonly (keyof Corpus['splits'])[],
  { embeddings, training }: Pick<Pipeline, 'embeddings' | 'training'>,
): Record<string, string> {
  const columns = columnsOf(embeddings);
  return Object.fromEntries(
    names.flatMap((name) => {
      const split = splits[name];
      return split
        ? [[`${name} split of the corpus`, hashOf(split, columns, training.context === 'document')]]
        : [];
    }),
  );
}

function hashOf({ sentences, documents }: Split, names: readonly string[], ofDocuments: boolean): string {
  const hash = createHash('sha256');
  for (const { tokens, tags, columns } of sentences) {
    const read = names.map((name) => columns?.[name] ?? []);
    for (const list of [tokens, tags, ...read]) hash.update(`${list.join(' ')}\n`);
  }
  if (ofDocuments) hash.update(documents.map(({ sentences }) => sentences.length).join(' '));
  return hash.digest('hex');
}
