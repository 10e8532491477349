import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { drain } from '../core/relay.js';
import { findPipeline } from '../pipeline/find.js';
import { threadsOf } from '../pipeline/hands.js';
import { loadSearch } from '../pipeline/search/load.js';
import { runSearch, type SearchRecord, type SearchResult } from '../pipeline/search/search.js';
import { interruptedExit, interruptible } from './interrupt.js';
import { append, count } from './options.js';
import { printJson, printText } from './output.js';
import { namedProgress } from './progress.js';

interface SearchCommand {
  readonly set?: readonly string[];
  readonly output?: string;
  readonly workers?: number;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<pipeline>', 'a YAML file with a section `search`, looked for as by train')
    .option('--set <key=value>', 'change a key of the pipeline: search.trials=32; repeatable', append)
    .option('-o, --output <folder>', 'where trials.csv and the models are (default: models/NAME.search)')
    .option('--workers <count>', 'threads (default: one a core)', count)
    .option('--force', 'go on even if the pipeline has changed; trials that are the same are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'show no progress')
    .action(search);
}

async function search(reference: string, options: SearchCommand): Promise<void> {
  const { set, output, force } = options;
  const workers = threadsOf(options.workers ?? 'auto');
  const loaded = await loadSearch(reference, { set });
  const base = dirname(await findPipeline(reference, process.cwd()));
  const message = 'stopping: the same command goes on from here; Ctrl-C again ends at once';
  const result = await interruptible(message, async (signal) => {
    const show = options.quiet ? () => {} : createShow();
    const run = runSearch(loaded, { output, base, workers, force, signal });
    return drain(run, show);
  });
  if (options.json) printJson(result);
  else printText(reportOf(result));
  if (result.interrupted) process.exitCode = interruptedExit();
}

function createShow(): (record: SearchRecord) => void {
  const show = namedProgress();
  const print = (text: string) => console.error(text);
  return (record) => {
    switch (record.kind) {
      case 'search': {
        const rungs = record.rungs.map(({ trials, epochs }) => `${trials} × ${epochs} epochs`);
        return print(`trials: ${rungs.join(', then ')}; in ${record.folder}`);
      }
      case 'rung': {
        const known = record.known > 0 ? `, ${record.known} of them trained before` : '';
        return print(
          `rung ${record.rung} of ${record.rungs}: ${record.trials.length} trials up to epoch ${record.epochs}${known}`,
        );
      }
      case 'run':
        return show(`trial ${record.trial}`, record.record);
      case 'trial': {
        const { row, done, count: all, error } = record;
        const settings = row.settings.map(({ key, text }) => `${key}=${text}`).join(' ');
        const outcome = error ? `failed: ${error.message.split('\n')[0]}` : `dev ${row.score.toFixed(2)}`;
        return print(`trial ${row.trial}  ${outcome}  ${settings}  (${done} of ${all})`);
      }
    }
  };
}

function reportOf({ folder, best, model, command, interrupted }: SearchResult): string {
  const scope = interrupted ? 'the best so far' : 'the best';
  return [
    `${scope}: trial ${best.trial}, dev ${best.score.toFixed(2)} in epoch ${best.bestEpoch} of ${best.epochs}; its model is ${model}`,
    `all trials: ${join(folder, 'trials.csv')}`,
    '',
    command,
  ].join('\n');
}
