/** The public library. */

export type { Engine } from './core/engine.js';
export { type ErrorCode, errorCodes, type Place, type Problem, TaggerError } from './core/errors.js';
export type { CorpusDescription } from './corpus/description.js';
export type { LabelledSentence } from './corpus/labels.js';
export type { Calibration, CalibrationBin, Scores } from './evaluation/index.js';
export {
  type LoadOptions,
  loadPipeline,
  loadSearch,
  type Pipeline,
  type RunOptions,
  type RunRecord,
  type RunResult,
  runPipeline,
  runSearch,
  runSeeds,
  type Search,
  type SearchOptions,
  type SearchRecord,
  type SearchResult,
  type SeedsOptions,
  type SeedsRecord,
  type SeedsResult,
} from './pipeline/index.js';
export {
  type AnnotatedEntity,
  type AnnotatedSequence,
  type AnnotateOptions,
  type Annotation,
  type Prediction,
  type PredictOptions,
  type ScoredSpan,
  type SentenceSequences,
  type TaggedToken,
  Tagger,
  type TagSequence,
} from './tagger/index.js';
export type { Entity } from './text/document.js';
export type { Scheme } from './text/schemes.js';
