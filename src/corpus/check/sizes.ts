/** How much there is in each split, and how much of it is new to who knows train. */
import { type BySplit, bySplit, type CheckedSplit, type Splits } from './splits.js';

export interface Size {
  readonly sentences: number;
  readonly tokens: number;
  /** Distinct words, as they are written. */
  readonly forms: number;
  /** Tokens whose form train does not have, and their share from 0 to 1; of train itself there are none. */
  readonly newTokens: number;
  readonly newShare: number;
}

export function sizesOf(splits: Splits): BySplit<Size> {
  const known = formsOf(splits.train);
  return bySplit(splits, (split) => {
    let tokens = 0;
    let newTokens = 0;
    for (const sentence of split.sentences) {
      tokens += sentence.tokens.length;
      for (const token of sentence.tokens) if (!known.has(token)) newTokens++;
    }
    const { length: sentences } = split.sentences;
    return { sentences, tokens, forms: formsOf(split).size, newTokens, newShare: share(newTokens, tokens) };
  });
}

/** From 0 to 1; 0 of nothing. */
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function formsOf({ sentences }: CheckedSplit): Set<string> {
  const forms = new Set<string>();
  for (const { tokens } of sentences) for (const token of tokens) forms.add(token);
  return forms;
}
