/** The score on dev that counts for a pipeline. */
import type { Scores } from '../evaluation/index.js';
import type { Pipeline } from './schema.js';

export type Metric = 'f1' | 'accuracy';

/** Only spans have strict scores. */
export const usualMetric = ({ strict }: { readonly strict?: unknown }): Metric =>
  strict === undefined ? 'accuracy' : 'f1';

/** `auto` is f1 for spans, accuracy for labels of single tokens. */
export function metricOf({ evaluation }: Pick<Pipeline, 'evaluation'>, dev: Scores): Metric {
  if (evaluation.metric !== 'auto') return evaluation.metric;
  return usualMetric(dev);
}
