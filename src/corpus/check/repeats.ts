/** Sentences that are there more than once: within a split, and in train as well as in what it is scored on. */
import type { LabelledSentence } from '../labels.js';
import { share } from './sizes.js';
import { type BySplit, bySplit, type HeldOut, heldOut, type Splits } from './splits.js';

/** Sentences with the same words as another one. Numbers of sentences count from 1 within their split. */
export interface Repeats {
  readonly sentences: number;
  /** Of all sentences of the split, from 0 to 1. */
  readonly share: number;
  /** The first three. */
  readonly examples: readonly { readonly sentence: number; readonly sameAs: number }[];
}

/** Sentences that repeat an earlier one of the same split; `sameAs` is the first such. */
export function duplicatesOf(splits: Splits): BySplit<Repeats> {
  return bySplit(splits, ({ sentences }) => repeats(sentences, firsts(sentences), (a, b) => b < a));
}

/** Sentences of dev and test that train has too; `sameAs` is the first such in train. */
export function leakageOf(splits: Splits): HeldOut<Repeats> {
  const known = firsts(splits.train.sentences);
  return heldOut(splits, ({ sentences }) => repeats(sentences, known, () => true));
}

function repeats(
  sentences: readonly LabelledSentence[],
  known: ReadonlyMap<string, number>,
  counts: (sentence: number, first: number) => boolean,
): Repeats {
  const found = sentences.flatMap((sentence, i) => {
    const first = known.get(keyOf(sentence));
    return first !== undefined && counts(i, first) ? [{ sentence: i + 1, sameAs: first + 1 }] : [];
  });
  const { length } = found;
  return { sentences: length, share: share(length, sentences.length), examples: found.slice(0, 3) };
}

/** The index at which each sentence is first. */
function firsts(sentences: readonly LabelledSentence[]): Map<string, number> {
  const first = new Map<string, number>();
  sentences.forEach((sentence, i) => {
    const key = keyOf(sentence);
    if (!first.has(key)) first.set(key, i);
  });
  return first;
}

/** A line break is in no token. */
const keyOf = ({ tokens }: LabelledSentence): string => tokens.join('\n');
