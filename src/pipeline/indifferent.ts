/** Keys of a pipeline that change how a run goes, and not what comes of it. */
import type { Pipeline } from './schema.js';

export const indifferentKeys: readonly string[] = ['training.workers', 'training.checkpoint'];

/** All of a pipeline that decides about the model, as JSON has it. */
export function decisive({ training, baselines: _, ...pipeline }: Pipeline): Record<string, unknown> {
  const keys = Object.entries(training).filter(([key]) => !indifferentKeys.includes(`training.${key}`));
  return JSON.parse(JSON.stringify({ ...pipeline, training: Object.fromEntries(keys) }));
}
