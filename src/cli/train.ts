import { dirname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { formatScores } from '../evaluation/index.js';
import { loadPipeline } from '../pipeline/config.js';
import { findPipeline } from '../pipeline/find.js';
import type { RunRecord, RunResult } from '../pipeline/records.js';
import { runPipeline } from '../pipeline/run.js';
import { interruptedExit, interruptible } from './interrupt.js';
import { printJson, printText } from './output.js';
import { createProgress } from './progress.js';

interface TrainOptions {
  readonly set?: readonly string[];
  readonly output?: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<pipeline>', 'a YAML file, looked for as given, in ./pipelines and among those of tagger')
    .option('--set <key=value>', 'change a key of the pipeline: training.batch=32; repeatable', append)
    .option('-o, --output <folder>', 'where the model is saved (default: models/NAME)')
    .option('--epochs <count>', 'short for --set training.epochs=COUNT', wholeNumber)
    .option('--seed <number>', 'short for --set seed=NUMBER', wholeNumber)
    .option('--workers <count>', 'threads (default: one a core); the result is the same', wholeNumber)
    .option('--resume', 'go on from the last checkpoint of an interrupted run')
    .option('--force', 'with --resume: even if config or corpus have changed; else: discard its checkpoints')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'show no progress')
    .action(train);
}

async function train(reference: string, options: TrainOptions): Promise<void> {
  const pipeline = await loadPipeline(reference, { set: settingsOf(options) });
  const base = dirname(await findPipeline(reference, process.cwd()));
  const show = options.quiet ? showNothing : createProgress();
  const message = 'stopping after this step: checkpoint and best model are saved; Ctrl-C again ends at once';
  const result = await interruptible(message, async (signal) => {
    const { output, resume, force } = options;
    const run = runPipeline(pipeline, { output, base, signal, resume, force });
    let next = await run.next();
    for (; !next.done; next = await run.next()) show(next.value);
    return next.value;
  });
  if (options.json) printJson(summaryOf(result));
  else printText(reportOf(result));
  if (result.interrupted) process.exitCode = interruptedExit;
}

/** `--epochs` and the like come after `--set`, so they win. */
function settingsOf({ set = [], epochs, seed, workers }: TrainOptions): string[] {
  const shorts = { 'training.epochs': epochs, seed, 'training.workers': workers };
  const given = Object.entries(shorts).filter(([, value]) => value !== undefined);
  return [...set, ...given.map(([key, value]) => `${key}=${value}`)];
}

function summaryOf({ model, hash, dev, test, epochs, seconds, tokensPerSecond }: RunResult) {
  return { model, hash, dev, test, epochs, seconds, tokensPerSecond };
}

function reportOf({ model, hash, dev, test }: RunResult): string {
  const tables = [`dev\n${formatScores(dev).trimEnd()}`];
  if (test) tables.push(`test\n${formatScores(test).trimEnd()}`);
  return [...tables, `model saved in ${model}\nweights sha256 ${hash}`].join('\n\n');
}

function showNothing(_: RunRecord): void {}

const append = (value: string, earlier: string[] = []): string[] => [...earlier, value];

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number.');
  return Number(text);
}
