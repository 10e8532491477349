/** Predictions of a tagger against sentences with gold tags in its scheme. */
import { type Calibration, calibration, countingScheme, evaluate, type Scores } from '../evaluation/index.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import { type Gold, goldSentences } from './gold.js';
import type { Prediction } from './prediction.js';

/** `isKnown`: whether training saw the word. */
export function scoresOf(
  of: Gold,
  predicted: readonly (readonly string[])[],
  scheme: Scheme,
  isKnown?: (word: string) => boolean,
): Scores {
  const sentences = goldSentences(of);
  const words = sentences.map(({ tokens }) => tokens);
  const gold = sentences.map(({ tags }) => tags);
  return evaluate(gold, predicted, { scheme, countAs: countingScheme(scheme), words, isKnown });
}

export function calibrationOf(
  of: Gold,
  predicted: readonly Pick<Prediction, 'spans'>[],
  scheme: Scheme,
): Calibration {
  const gold = goldSentences(of).map(({ tags }) => decodeSpans(tags, scheme));
  return calibration(
    gold,
    predicted.map(({ spans }) => spans),
  );
}
