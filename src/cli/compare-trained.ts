/** `tagger train` ends in the report of a pipeline with `baselines`. */
import type { Pipeline } from '../pipeline/config.js';
import { threadsOf } from '../pipeline/hands.js';
import { printText } from './output.js';

/** Prints what came of it, or with `json` nothing; the path of the page, undefined where the pipeline names no baselines. */
export async function compareWithBaselines(
  pipeline: Pipeline,
  model: string,
  { base, quiet, json }: { readonly base?: string; readonly quiet?: boolean; readonly json?: boolean },
): Promise<string | undefined> {
  if (pipeline.baselines.length === 0) return undefined;
  // Loaded where they are wanted: most trainings end without a report.
  const [{ compareTrained, reportFolder }, { comparing, publish }] = await Promise.all([
    import('../pipeline/comparison/after-training.js'),
    import('./comparison.js'),
  ]);
  const workers = threadsOf(pipeline.training.workers);
  const message = `stopping; the model stays in ${model}; Ctrl-C again ends at once`;
  const comparison = await comparing((signal) => compareTrained(model, { pipeline, base, workers, signal }), {
    message,
    quiet,
  });
  if (!json) printText('');
  return publish(comparison, reportFolder(model), json);
}
