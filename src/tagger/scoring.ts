/** Predictions of a tagger against sentences with gold tags in its scheme. */
import type { LabelledSentence } from '../corpus/labels.js';
import { type Calibration, calibration, evaluate, type Scores } from '../evaluation/index.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import type { Prediction } from './prediction.js';

/** `isKnown`: whether training saw the word. */
export function scoresOf(
  sentences: readonly LabelledSentence[],
  predicted: readonly (readonly string[])[],
  scheme: Scheme,
  isKnown: (word: string) => boolean,
): Scores {
  const words = sentences.map(({ tokens }) => tokens);
  const gold = sentences.map(({ tags }) => tags);
  // The script of CoNLL, whose figures people compare, knows nothing of BIOES.
  const countAs = scheme === 'none' ? 'none' : 'bio';
  return evaluate(gold, predicted, { scheme, countAs, words, isKnown });
}

export function calibrationOf(
  sentences: readonly LabelledSentence[],
  predicted: readonly Pick<Prediction, 'spans'>[],
  scheme: Scheme,
): Calibration {
  const gold = sentences.map(({ tags }) => decodeSpans(tags, scheme));
  return calibration(
    gold,
    predicted.map(({ spans }) => spans),
  );
}
