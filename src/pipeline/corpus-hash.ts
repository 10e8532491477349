/** What tells the corpus of a pipeline from another: a result belongs to the sentences that it came from. */
import { createHash } from 'node:crypto';
import type { Corpus, Split } from '../corpus/load.js';

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
