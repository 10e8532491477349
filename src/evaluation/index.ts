export {
  type Breakdown,
  type BreakdownOptions,
  breakdown,
  entityForms,
  type GroupScores,
} from './breakdown.js';
export { type Calibration, type CalibrationBin, calibration } from './calibration.js';
export { type CountOptions, comparedSpans, countingScheme } from './compared.js';
export { type Confusion, confusion } from './confusion.js';
export { type EvaluateOptions, evaluate } from './evaluate.js';
export type { Counts, LabelScores, PrecisionRecall, Scores, TokenScores } from './scores.js';
export { type SentenceCounts, sentenceCounts } from './sentence-counts.js';
export {
  type Estimate,
  type Significance,
  type SignificanceOptions,
  scoreInterval,
  significance,
} from './significance.js';
export {
  type ErrorKind,
  errorKinds,
  exampleErrors,
  type SpanError,
  type SpanErrors,
  spanErrors,
} from './span-errors.js';
export type { SentenceSpans } from './spans.js';
export { type SystemScores, scoreSystem, type TaggedColumn, type TestSet, testSetOf } from './system.js';
export { formatConlleval, formatScores } from './table.js';
export type { TagColumn } from './tokens.js';
