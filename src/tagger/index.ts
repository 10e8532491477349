export type {
  AnnotatedEntity,
  AnnotatedSequence,
  AnnotateOptions,
  Annotation,
  SentenceSequences,
  TaggedToken,
} from './annotation.js';
export type { Prediction, PredictOptions, ScoredSpan, TagSequence } from './prediction.js';
export { Tagger } from './tagger.js';
