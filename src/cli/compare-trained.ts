/** `tagger train` ends in the report of a pipeline with `baselines`. */
import { drain } from '../core/relay.js';
import type { Compared } from '../pipeline/comparison/after-training.js';
import type { Pipeline } from '../pipeline/config.js';
import { threadsOf } from '../pipeline/hands.js';
import { showComparison } from './comparison.js';
import { interruptible } from './interrupt.js';

/** Undefined where the pipeline names no baselines. */
export async function compareWithBaselines(
  pipeline: Pipeline,
  model: string,
  { base, quiet }: { readonly base?: string; readonly quiet?: boolean },
): Promise<Compared | undefined> {
  if (pipeline.baselines.length === 0) return undefined;
  const { compareTrained } = await import('../pipeline/comparison/after-training.js');
  const workers = threadsOf(pipeline.training.workers);
  const message = `stopping; the model stays in ${model}; Ctrl-C again ends at once`;
  return interruptible(message, (signal) =>
    drain(compareTrained(model, { pipeline, base, workers, signal }), quiet ? () => {} : showComparison),
  );
}
