/** The public library. */

export type { Engine } from './core/engine.js';
export { type ErrorCode, errorCodes, type Place, type Problem, TaggerError } from './core/errors.js';
export type { CorpusDescription } from './corpus/description.js';
export type { LabelledSentence } from './corpus/labels.js';
export type { Calibration, CalibrationBin, Scores } from './evaluation/index.js';
export {
  type CompareOptions,
  type ComparingRecord,
  type Comparison,
  compareModels,
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
  writeReport,
} from './pipeline/index.js';
export {
  type AnnotateInput,
  type AnnotateManyOptions,
  type AnnotateOptions,
  type Annotation,
  type Drift,
  type DriftReport,
  type InputColumns,
  type ManyItem,
  type ManyResult,
  type Monitor,
  type Offsets,
  type Prediction,
  type PredictOptions,
  type Quantiles,
  type ScoredSpan,
  type StreamedTag,
  type StreamOptions,
  type TaggedToken,
  Tagger,
  type TagSequence,
  type TagStream,
  type Tokenize,
  type TokenizedText,
  type TokenizedWords,
  type WantedScores,
  type Window,
  type Words,
} from './tagger/index.js';
export type {
  AnnotatedDocument,
  AnnotatedSequence,
  Document,
  Entity,
  LongSentence,
  Sentence,
  SentenceSequences,
  Token,
} from './text/document.js';
export type { Scheme } from './text/schemes.js';
export type { TokenSentence } from './text/tracks.js';
