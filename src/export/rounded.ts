/** Scores as they are printed. */
import type { AnnotatedDocument } from '../text/document.js';

/** Six digits are as many as the scores of a network in floats are worth. */
const digits = (score: number): number => Number(score.toPrecision(6));

const ofEntity = <T extends { readonly score?: number }>(entity: T): T =>
  entity.score === undefined ? entity : { ...entity, score: digits(entity.score) };

export function rounded(document: AnnotatedDocument): AnnotatedDocument {
  const { sentences, entities, nbest } = document;
  return {
    ...document,
    sentences: sentences.map((sentence) =>
      sentence.scores ? { ...sentence, scores: sentence.scores.map(digits) } : sentence,
    ),
    entities: entities.map(ofEntity),
    ...(nbest && {
      nbest: nbest.map((sentence) => ({
        ...sentence,
        sequences: sentence.sequences.map((each) => ({
          ...each,
          probability: digits(each.probability),
        })),
      })),
    }),
  };
}
