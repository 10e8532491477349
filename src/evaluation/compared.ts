/** Two columns of tags as they are compared: in one scheme, as spans. */
import { TaggerError } from '../core/errors.js';
import { convertTags, parseTag, type Scheme } from '../text/schemes.js';
import { conllevalSpans } from './conlleval.js';
import type { SentenceSpans } from './spans.js';
import type { TagColumn } from './tokens.js';

export interface CountOptions {
  /** How both columns of tags are written; `none`: labels of single tokens, each counted as a span of its own. */
  readonly scheme: Scheme;
  /** The scheme to count in, by default `scheme`. */
  readonly countAs?: Scheme;
}

/** What people compare: the figures of the script of CoNLL, which knows nothing of BIOES. */
export const countingScheme = (scheme: Scheme): Scheme => (scheme === 'none' ? 'none' : 'bio');

/** A column in the scheme to count in. What is no tag stays as it is, so that it is never right. */
export function countedTags(column: TagColumn, { scheme, countAs = scheme }: CountOptions): TagColumn {
  if (countAs === scheme) return column;
  return column.map((tags) => {
    const converted = convertTags(tags, scheme, countAs);
    return converted.map((tag, t) => (parseTag(tags[t]) ? tag : tags[t]));
  });
}

/**
 * The spans of both columns, sentence by sentence, as `evaluate` counts them: what breakdowns, errors and tests of
 * significance work on. With scheme `none` the spans are the tokens, whatever the tags: their F1 is the accuracy.
 * E_INTERNAL if lengths differ.
 */
export function comparedSpans(gold: TagColumn, predicted: TagColumn, options: CountOptions): SentenceSpans[] {
  checkLengths(gold, predicted);
  const { scheme, countAs = scheme } = options;
  const read = (column: TagColumn) =>
    countedTags(column, options).map((tags) => conllevalSpans(tags, countAs));
  const found = read(predicted);
  return read(gold).map((spans, s) => ({ gold: spans, predicted: found[s] }));
}

export function checkLengths(gold: TagColumn, other: TagColumn): void {
  const differs = gold.findIndex((tags, i) => tags.length !== other[i]?.length);
  if (differs < 0 && gold.length === other.length) return;
  const place = differs < 0 ? `${gold.length} and ${other.length} sentences` : `sentence ${differs + 1}`;
  throw new TaggerError('E_INTERNAL', { message: `columns of different length: ${place}` });
}
