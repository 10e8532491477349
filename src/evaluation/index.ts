export { type Calibration, type CalibrationBin, calibration } from './calibration.js';
export { type EvaluateOptions, evaluate } from './evaluate.js';
export type { Counts, LabelScores, PrecisionRecall, Scores, TokenScores } from './scores.js';
export { formatConlleval, formatScores } from './table.js';
