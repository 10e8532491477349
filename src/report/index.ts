export { systemsOf } from './columns.js';
export type { Comparison, CurvePoint, ErrorExample, Speed, SystemReport } from './comparison.js';
export { plain, type Verdict, verdict } from './verdict.js';
export { makeReportFolder, writeReport } from './write.js';
