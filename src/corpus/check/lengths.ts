/** How long the sentences of each split are, in tokens. */
import type { Place } from '../../core/errors.js';
import { type BySplit, bySplit, type CheckedSplit, type Splits } from './splits.js';

/** Longer sentences are seldom sentences: most often a blank line is missing. */
export const longestUsual = 200;

export interface Lengths {
  /** Half of the sentences are no longer. */
  readonly median: number;
  /** 95 of 100 sentences are no longer. */
  readonly p95: number;
  /** The first of the longest sentences. */
  readonly longest?: {
    readonly tokens: number;
    /** Its number in the split, from 1. */
    readonly sentence: number;
    readonly place?: Place;
  };
  /** Sentences of more than {@link longestUsual} tokens. */
  readonly overlong: number;
}

export const lengthsOf = (splits: Splits): BySplit<Lengths> => bySplit(splits, lengthsIn);

function lengthsIn({ sentences, locate }: CheckedSplit): Lengths {
  const lengths = sentences.map(({ tokens }) => tokens.length);
  const sorted = Float64Array.from(lengths).sort();
  const atMost = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  const tokens = atMost(1);
  const index = lengths.indexOf(tokens);
  const longest = index < 0 ? undefined : { tokens, sentence: index + 1, place: locate?.(index, 0) };
  const overlong = lengths.filter((length) => length > longestUsual).length;
  return { median: atMost(0.5), p95: atMost(0.95), longest, overlong };
}
