/** What the simplest baseline reaches on the splits that a model is scored on: without it nobody knows what a score is worth. */
import { baselineKinds } from '../baselines/index.js';
import { drain } from '../core/relay.js';
import type { Corpus, Split } from '../corpus/load.js';
import { type Scores, scoreSystem } from '../evaluation/index.js';

/** Scores of the most frequent tag of every word. */
export interface Standing {
  readonly dev: Scores;
  readonly test?: Scores;
}

export async function standingOf({ splits, scheme }: Corpus, skipTest = false): Promise<Standing> {
  const { train, dev, test } = splits;
  const task = { train: train.sentences, dev: [], scheme, seed: 0, workers: 1 };
  const majority = await drain(baselineKinds.majority.train({ kind: 'majority' }, task), () => {});
  const written = scheme === 'none' ? 'none' : 'bioes';
  const scoresOf = ({ sentences }: Split): Scores => {
    const gold = {
      words: sentences.map(({ tokens }) => tokens),
      tags: sentences.map(({ tags }) => tags),
      scheme: written,
    } as const;
    return scoreSystem(gold, { tags: majority.tag(sentences), scheme: written }).scores;
  };
  return { dev: scoresOf(dev), ...(test && !skipTest && { test: scoresOf(test) }) };
}

/** `F1 47.70`, or the accuracy where labels are of single tokens. */
export const shortScore = ({ strict, f1, accuracy }: Scores): string =>
  strict ? `F1 ${f1.toFixed(2)}` : `accuracy ${accuracy.toFixed(2)}`;
