/** Sentences with gold tags, and how good predicted ones are. */
import type { LabelledSentence, Split } from '../corpus/labels.js';
import { calibration, evaluate } from '../evaluation/index.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import type { Prediction } from './prediction.js';

/** In the scheme of the tagger. A list of sentences is one document; of a split it is known which belong together. */
export type Gold = readonly LabelledSentence[] | Pick<Split, 'documents' | 'sentences'>;

export const goldSentences = (gold: Gold): readonly LabelledSentence[] =>
  'sentences' in gold ? gold.sentences : gold;

/** The sentences document by document. */
export function goldDocuments(gold: Gold): LabelledSentence[][] {
  if (!('sentences' in gold)) return [[...gold]];
  let end = 0;
  return gold.documents.map(({ sentences }) => {
    end += sentences.length;
    return gold.sentences.slice(end - sentences.length, end);
  });
}

export function scoresOf(
  gold: Gold,
  predicted: readonly (readonly string[])[],
  scheme: Scheme,
  isKnown: (word: string) => boolean,
): ReturnType<typeof evaluate> {
  const sentences = goldSentences(gold);
  const words = sentences.map(({ tokens }) => tokens);
  // The script of CoNLL, whose figures people compare, knows nothing of BIOES.
  const countAs = scheme === 'none' ? 'none' : 'bio';
  const tags = sentences.map(({ tags }) => tags);
  return evaluate(tags, predicted, { scheme, countAs, words, isKnown });
}

export function calibrationOf(
  gold: Gold,
  predicted: readonly Pick<Prediction, 'spans'>[],
  scheme: Scheme,
): ReturnType<typeof calibration> {
  return calibration(
    goldSentences(gold).map(({ tags }) => decodeSpans(tags, scheme)),
    predicted.map(({ spans }) => spans),
  );
}
