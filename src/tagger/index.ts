export type { AnnotateManyOptions, ManyItem, ManyResult } from './annotate-many.js';
export type { Annotation, TaggedToken, WantedScores } from './annotation.js';
export type {
  AnnotateInput,
  InputColumns,
  Offsets,
  Tokenize,
  TokenizedText,
  TokenizedWords,
  Words,
} from './input.js';
export type { Drift, DriftReport, Quantiles } from './monitor/drift.js';
export type { Monitor } from './monitor/monitor.js';
export type { Prediction, PredictOptions, ScoredSpan, TagSequence, Window } from './prediction.js';
export type { StreamedTag, StreamOptions, TagStream } from './tag-stream.js';
export { type AnnotateOptions, Tagger } from './tagger.js';
