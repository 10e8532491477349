/** What a single choice is worth: the mean difference between variants that differ in nothing else. */
import type { Figures } from './figures.js';

export interface Choice {
  readonly choice: string;
  /** Turns the name of the variant without it into that of the one with it; other names stay. */
  readonly swap: (variant: string) => string;
}

export const choices: readonly Choice[] = [
  { choice: 'a CRF for a softmax', swap: (name) => name.replace(/softmax$/, 'crf') },
  { choice: 'both directions for forward alone, gru', swap: (name) => name.replace(/^gru forward/, 'gru') },
  { choice: 'gates: gru for rnn', swap: (name) => name.replace(/^rnn/, 'gru') },
  { choice: 'lstm for gru', swap: (name) => name.replace(/^gru,/, 'lstm,') },
  { choice: 'a layer of cnn under the lstm', swap: (name) => name.replace(/^lstm/, 'cnn → lstm') },
];

/** In points; undefined where a pipeline has no such pair. */
export function worthOf({ swap }: Choice, figures: readonly Figures[]): number | undefined {
  const scores = new Map(figures.map(({ variant, test }) => [variant, mean(test)]));
  const differences = [...scores].flatMap(([variant, score]) => {
    const other = swap(variant);
    const better = scores.get(other);
    return other === variant || better === undefined ? [] : [better - score];
  });
  return differences.length === 0 ? undefined : mean(differences);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
