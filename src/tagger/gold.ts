/** Sentences with gold tags, as a split has them or as a list. */
import type { LabelledSentence, Split } from '../corpus/labels.js';

/** In the scheme of the tagger. A list of sentences is one document; of a split it is known which belong together. */
export type Gold = readonly LabelledSentence[] | Pick<Split, 'documents' | 'sentences'>;

export const goldSentences = (gold: Gold): readonly LabelledSentence[] =>
  'sentences' in gold ? gold.sentences : gold;

/** The sentences document by document. */
export function goldDocuments(gold: Gold): (readonly LabelledSentence[])[] {
  if (!('sentences' in gold)) return [gold];
  let end = 0;
  return gold.documents.map(({ sentences }) => {
    end += sentences.length;
    return gold.sentences.slice(end - sentences.length, end);
  });
}
