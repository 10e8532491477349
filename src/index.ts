/** The public library. */
export { type ErrorCode, errorCodes, type Place, type Problem, TaggerError } from './core/errors.js';
export type { Scores } from './evaluation/index.js';
export { loadPipeline, type Pipeline } from './pipeline/config.js';
export type { RunRecord, RunResult } from './pipeline/records.js';
export { type RunOptions, runPipeline } from './pipeline/run.js';
export { type Annotation, type GoldSentence, type TaggedToken, Tagger } from './tagger/index.js';
export type { Entity } from './text/document.js';
