/** One of several systems on a test set: all are scored on the same words in the same way, however they write their tags. */
import { convertTags, type Scheme } from '../text/schemes.js';
import { comparedSpans, countingScheme } from './compared.js';
import { evaluate } from './evaluate.js';
import type { Scores } from './scores.js';
import type { SentenceSpans } from './spans.js';
import type { TagColumn } from './tokens.js';

export interface TaggedColumn {
  readonly tags: TagColumn;
  /** How they are written. */
  readonly scheme: Scheme;
}

/** With gold tags that are well-formed in their scheme. */
export interface TestSet extends TaggedColumn {
  readonly words: TagColumn;
  /** Whether training has seen a word. */
  readonly isKnown?: (word: string) => boolean;
}

/** Sentences with their gold tags. */
export function testSetOf(
  sentences: readonly { readonly tokens: readonly string[]; readonly tags: readonly string[] }[],
  scheme: Scheme,
  isKnown?: TestSet['isKnown'],
): TestSet {
  return {
    words: sentences.map(({ tokens }) => tokens),
    tags: sentences.map(({ tags }) => tags),
    scheme,
    isKnown,
  };
}

export interface SystemScores {
  readonly scores: Scores;
  /** For `sentenceCounts`, `breakdown`, `confusion` and `spanErrors`. */
  readonly sentences: readonly SentenceSpans[];
}

/**
 * Predictions are scored as they are written, so that `strict` tells broken spans from sound ones. Throws E_INTERNAL where there is
 * not a tag for every word, E_CONFIG where one side is of spans and the other of single tokens.
 */
export function scoreSystem(test: TestSet, { tags, scheme }: TaggedColumn): SystemScores {
  const { words, isKnown } = test;
  const gold = test.tags.map((column) => convertTags(column, test.scheme, scheme));
  const options = { scheme, countAs: countingScheme(scheme), words, isKnown };
  return { scores: evaluate(gold, tags, options), sentences: comparedSpans(gold, tags, options) };
}
