/** Tokens that are no words: empty, or with white space in them. */
import type { Place } from '../../core/errors.js';
import { entriesOf, type SplitName, type Splits } from './splits.js';

export interface OddTokens {
  readonly tokens: number;
  readonly first?: {
    readonly text: string;
    readonly split: SplitName;
    /** Both from 1; the sentence in its split. */
    readonly sentence: number;
    readonly token: number;
    readonly place?: Place;
  };
}

const odd = /^$|\s/;

export function oddTokensOf(splits: Splits): OddTokens {
  let count = 0;
  let first: OddTokens['first'];
  for (const [split, { sentences, locate }] of entriesOf(splits)) {
    sentences.forEach(({ tokens }, s) => {
      tokens.forEach((text, t) => {
        if (!odd.test(text)) return;
        count++;
        first ??= { text, split, sentence: s + 1, token: t + 1, place: locate?.(s, t) };
      });
    });
  }
  return { tokens: count, first };
}
