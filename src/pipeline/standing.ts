/** What the simplest baseline reaches on the splits that a model is scored on: without it nobody knows what a score is worth. */
import { baselineKinds } from '../baselines/index.js';
import { drain } from '../core/relay.js';
import type { Corpus, Split } from '../corpus/load.js';
import { type Scores, scoreSystem, testSetOf } from '../evaluation/index.js';
import { ownScheme } from '../text/schemes.js';
import { usualMetric } from './metric.js';

/** Scores of the most frequent tag of every word. */
export interface Standing {
  readonly dev: Scores;
  readonly test?: Scores;
}

export async function standingOf({ splits, scheme }: Corpus, skipTest = false): Promise<Standing> {
  const { train, dev, test } = splits;
  const task = { train: train.sentences, dev: [], scheme, seed: 0, workers: 1 };
  const majority = await drain(baselineKinds.majority.train({ kind: 'majority' }, task), () => {});
  const written = ownScheme(scheme);
  const scoresOf = ({ sentences }: Split): Scores => {
    const tagged = { tags: majority.tag(sentences), scheme: written };
    return scoreSystem(testSetOf(sentences, written), tagged).scores;
  };
  return { dev: scoresOf(dev), ...(test && !skipTest && { test: scoresOf(test) }) };
}

/** `F1 47.70`, or the accuracy where labels are of single tokens. */
export function shortScore(scores: Scores): string {
  const metric = usualMetric(scores);
  return `${metric === 'f1' ? 'F1' : metric} ${scores[metric].toFixed(2)}`;
}
