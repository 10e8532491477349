/** What tells the corpus of a pipeline from another: a result belongs to the sentences that it came from. */
import { createHash } from 'node:crypto';
import type { Corpus, Split } from '../corpus/load.js';

/** A sha256 of the tokens, the tags and what a model reads in `columns` of each of the splits, under a name that an error can show. */
export function hashesOf(
  { splits }: Corpus,
  names: readonly (keyof Corpus['splits'])[],
  columns: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const split = splits[name];
      return split ? [[`${name} split of the corpus`, hashOf(split, columns)]] : [];
    }),
  );
}

function hashOf({ sentences }: Split, names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const { tokens, tags, columns } of sentences) {
    const read = names.map((name) => columns?.[name] ?? []);
    for (const list of [tokens, tags, ...read]) hash.update(`${list.join(' ')}\n`);
  }
  return hash.digest('hex');
}
