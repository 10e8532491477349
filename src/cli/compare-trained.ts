/** `tagger train` ends in the report of a pipeline with `baselines`. */
import type { Pipeline } from '../pipeline/config.js';
import { threadsOf } from '../pipeline/hands.js';
import { comparing, comparisonText } from './comparison.js';
import { printText } from './output.js';

/** Prints what came of it, or with `json` nothing; the path of the page, undefined where the pipeline names no baselines. */
export async function compareWithBaselines(
  pipeline: Pipeline,
  model: string,
  { base, quiet, json }: { readonly base?: string; readonly quiet?: boolean; readonly json?: boolean },
): Promise<string | undefined> {
  if (pipeline.baselines.length === 0) return undefined;
  const [{ compareTrained, reportFolder }, { writeReport }] = await Promise.all([
    import('../pipeline/comparison/after-training.js'),
    import('../report/index.js'),
  ]);
  const workers = threadsOf(pipeline.training.workers);
  const message = `stopping; the model stays in ${model}; Ctrl-C again ends at once`;
  const comparison = await comparing((signal) => compareTrained(model, { pipeline, base, workers, signal }), {
    message,
    quiet,
  });
  if (!json) printText(`\n${comparisonText(comparison)}`);
  const [page] = await writeReport(comparison, reportFolder(model));
  if (!json) printText(`\nreport in ${page}`);
  return page;
}
