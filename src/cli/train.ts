import { dirname } from 'node:path';
import type { Command } from 'commander';
import { drain } from '../core/relay.js';
import { formatScores } from '../evaluation/index.js';
import { loadPipeline } from '../pipeline/config.js';
import { findPipeline } from '../pipeline/find.js';
import type { RunRecord, RunResult } from '../pipeline/records.js';
import { runPipeline } from '../pipeline/run.js';
import { shortScore } from '../pipeline/standing.js';
import { compareWithBaselines } from './compare-trained.js';
import { interruptedExit, interruptible } from './interrupt.js';
import { append, count, wholeNumber } from './options.js';
import { printJson, printText } from './output.js';
import { createProgress } from './progress.js';

interface TrainOptions {
  readonly set?: readonly string[];
  readonly output?: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly seeds?: number;
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
    .option('--seeds <count>', 'train with so many seeds: mean ± sd of every score, all models kept', count)
    .option('--workers <count>', 'threads (default: one a core); the result is the same', count)
    .option('--resume', 'go on from the last checkpoint of an interrupted run')
    .option('--force', 'with --resume: even if config or corpus have changed; else: discard its checkpoints')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'show no progress')
    .action(train);
}

async function train(reference: string, options: TrainOptions): Promise<void> {
  const pipeline = await loadPipeline(reference, { set: settingsOf(options) });
  const base = dirname(await findPipeline(reference, process.cwd()));
  const { output, resume, force, seeds, json, quiet } = options;
  if (seeds !== undefined) {
    const { trainSeeds } = await import('./train-seeds.js');
    return trainSeeds(pipeline, { count: seeds, output, base, resume, force, json, quiet });
  }
  const show = quiet ? showNothing : createProgress();
  const message = 'stopping after this step: checkpoint and best model are saved; Ctrl-C again ends at once';
  const result = await interruptible(message, async (signal) => {
    const run = runPipeline(pipeline, { output, base, signal, resume, force });
    return drain(run, show);
  });
  if (!json) printText(reportOf(result));
  const report = result.interrupted
    ? undefined
    : await compareWithBaselines(pipeline, result.model, { base, quiet, json });
  if (json) printJson({ ...summaryOf(result), report });
  if (result.interrupted) process.exitCode = interruptedExit();
}

/** `--epochs` and the like come after `--set`, so they win. */
function settingsOf({ set = [], epochs, seed, workers }: TrainOptions): string[] {
  const shorts = { 'training.epochs': epochs, seed, 'training.workers': workers };
  const given = Object.entries(shorts).filter(([, value]) => value !== undefined);
  return [...set, ...given.map(([key, value]) => `${key}=${value}`)];
}

function summaryOf({ model, hash, dev, test, majority, epochs, seconds, tokensPerSecond }: RunResult) {
  return { model, hash, dev, test, majority, epochs, seconds, tokensPerSecond };
}

function reportOf({ model, hash, dev, test, majority }: RunResult): string {
  const tables = [`dev\n${formatScores(dev).trimEnd()}`];
  if (test) tables.push(`test\n${formatScores(test).trimEnd()}`);
  return [
    ...tables,
    standingText({ dev, test, majority }),
    `model saved in ${model}\nweights sha256 ${hash}`,
  ].join('\n\n');
}

const standingText = ({ dev, test, majority }: Pick<RunResult, 'dev' | 'test' | 'majority'>): string =>
  `on ${test ? 'test' : 'dev'}: ${shortScore(test ?? dev)}; the most frequent tag of every word: ${shortScore(majority.test ?? majority.dev)}`;

function showNothing(_: RunRecord): void {}
