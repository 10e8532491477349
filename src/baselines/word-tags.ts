/** How often train has each word with each tag. */
import type { BaselineTask } from './baseline.js';
import { inTurns } from './in-turns.js';

/** In the order in which the tags were first seen. */
export type TagCounts = Map<string, number>;

export interface WordTags {
  readonly words: ReadonlyMap<string, TagCounts>;
  /** Of all tokens. */
  readonly all: TagCounts;
}

export async function countWordTags({
  train,
  signal,
}: Pick<BaselineTask, 'train' | 'signal'>): Promise<WordTags> {
  const words = new Map<string, TagCounts>();
  const all: TagCounts = new Map();
  for await (const sentences of inTurns(train, signal)) {
    for (const { tokens, tags } of sentences) {
      tokens.forEach((word, i) => {
        const counts = words.get(word) ?? new Map();
        words.set(word, counts);
        for (const of of [counts, all]) of.set(tags[i], (of.get(tags[i]) ?? 0) + 1);
      });
    }
  }
  return { words, all };
}

/** The tag with the greatest count; of several, the one that was seen first. There is at least one. */
export function mostFrequent(counts: TagCounts): string {
  let [best, most] = ['', 0];
  for (const [tag, count] of counts) if (count > most) [best, most] = [tag, count];
  return best;
}

export function totalOf(counts: TagCounts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
