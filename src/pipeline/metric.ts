/** The score on dev that counts for a pipeline. */
import type { Scores } from '../evaluation/index.js';
import type { Pipeline } from './schema.js';

export type Metric = 'f1' | 'accuracy';

/** `auto` is f1 for spans, accuracy for labels of single tokens, which have no strict scores. */
export function metricOf({ evaluation }: Pick<Pipeline, 'evaluation'>, dev: Scores): Metric {
  if (evaluation.metric !== 'auto') return evaluation.metric;
  return dev.strict ? 'f1' : 'accuracy';
}
