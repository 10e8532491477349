/** `tagger train --seeds N`: progress lines of all runs, and a table of their scores. */
import { drain } from '../core/relay.js';
import type { Pipeline } from '../pipeline/config.js';
import { threadsOf } from '../pipeline/hands.js';
import { runSeeds, type SeedsOptions, type SeedsResult, type Spread } from '../pipeline/seeds.js';
import { formatColumns } from './columns.js';
import { compareWithBaselines } from './compare-trained.js';
import { interruptedExit, interruptible } from './interrupt.js';
import { printJson, printText } from './output.js';
import { namedProgress } from './progress.js';

interface SeedsCommand extends Omit<SeedsOptions, 'workers' | 'signal'> {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export async function trainSeeds(
  pipeline: Pipeline,
  { json, quiet, ...options }: SeedsCommand,
): Promise<void> {
  const workers = threadsOf(pipeline.training.workers);
  const message = 'stopping: the models of the seeds that are done stay; Ctrl-C again ends at once';
  const result = await interruptible(message, async (signal) => {
    const show = quiet ? () => {} : namedProgress();
    const say = quiet ? () => {} : console.error;
    const run = runSeeds(pipeline, { ...options, workers, signal });
    return drain(run, (record) => {
      if (record.kind === 'run') show(`seed ${record.seed}`, record.record);
      else if (record.kind === 'failed') say(`seed ${record.seed} failed: ${record.error.message}`);
      else say(`seed ${record.seed} is done, ${record.done} of ${record.count}`);
    });
  });
  if (!json) printText(reportOf(result));
  const { base } = options;
  const report = result.interrupted
    ? undefined
    : await compareWithBaselines(pipeline, result.best, { base, quiet, json });
  const failed = result.failed.map(({ seed, error }) => ({ seed, ...error }));
  if (json) printJson({ ...result, failed, report });
  if (result.failed.length > 0) process.exitCode = 1;
  if (result.interrupted) process.exitCode = interruptedExit();
}

function reportOf({ runs, summary, best, failed }: SeedsResult): string {
  const { metric, dev, test } = summary;
  const name = metric === 'f1' ? 'F1' : 'accuracy';
  const rows = runs.map(({ seed, result }) => [
    `${seed}${seed === summary.best ? ' *' : ''}`,
    result.dev[metric].toFixed(2),
    result.test ? result.test[metric].toFixed(2) : '–',
    `${result.bestEpoch}/${result.epochs}`,
    `${Math.round(result.seconds)}s`,
  ]);
  const mean = ['mean', spread(dev[metric]), test ? spread(test[metric]) : '–', '', ''];
  const head = ['seed', `dev ${name}`, `test ${name}`, 'best epoch', 'time'];
  const missing = failed.map(({ seed }) => `seed ${seed} failed`);
  return [
    formatColumns([head, ...rows, mean]),
    ...missing,
    `the best on dev: ${best} (seed ${summary.best})`,
  ].join('\n');
}

const spread = ({ mean, sd }: Spread): string =>
  sd === undefined ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${sd.toFixed(2)}`;
