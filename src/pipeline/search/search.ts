/** Random search with successive halving for the settings of a pipeline that are best on dev. */
import { join } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import { isThere } from '../aside.js';
import { checkpointFolder } from '../checkpoints.js';
import { runMany } from '../many.js';
import { metricOf } from '../metric.js';
import type { RunRecord, RunResult } from '../records.js';
import type { RunOptions } from '../run.js';
import type { Job } from '../side-by-side.js';
import { commandOf } from './command.js';
import { SearchFolder } from './folder.js';
import { type HalvingPlan, halve, type Rung, type RungScores, rungSizes } from './halving.js';
import type { Search } from './load.js';
import type { TrialRow } from './trials.js';

export interface SearchOptions extends Pick<RunOptions, 'base' | 'signal'> {
  /** Threads to use, at least 1. */
  readonly workers: number;
  /** The folder of the search; `models/NAME.search` by default. */
  readonly output?: string;
  /** Goes on in the folder of a search that was another one; trials that are still the same are kept. */
  readonly force?: boolean;
}

export type SearchRecord =
  | { readonly kind: 'search'; readonly folder: string; readonly rungs: readonly RungSize[] }
  /** A rung begins; `known` of its trials were trained before. */
  | ({ readonly kind: 'rung'; readonly rungs: number; readonly known: number } & Rung)
  | { readonly kind: 'run'; readonly trial: number; readonly record: RunRecord }
  /** A trial is trained up to its rung; `done` of `count` trainings of the whole search are, those before included. */
  | {
      readonly kind: 'trial';
      readonly row: TrialRow;
      readonly done: number;
      readonly count: number;
      /** Why it failed. */
      readonly error?: TaggerError;
    };

export interface RungSize {
  readonly trials: number;
  readonly epochs: number;
}

export interface SearchResult {
  /** With `trials.csv` and the models. */
  readonly folder: string;
  /** The best trial; after an interruption that of the last rung that was begun. */
  readonly best: TrialRow;
  /** Its model, trained as far as the row says. */
  readonly model: string;
  /** `tagger train X.yaml --set …` with its settings. */
  readonly command: string;
  readonly interrupted: boolean;
}

/** What makes a trial bad rather than the search impossible: a loss that is not finite, a network too large. */
const failures: readonly string[] = ['E_TRAINING', 'E_MEMORY'];

/**
 * Trains the trials of a search rung by rung, side by side or one after another (see `runMany`), and writes down each. What
 * the folder has from before is not trained again. Trials see train and dev, never test; one that fails is the worst.
 *
 * Throws E_RESUME where the folder is that of another search, E_USAGE where it is something else, E_WRITE, E_INTERRUPTED when no training was
 * done before `signal`, and what a run throws that is not the fault of its settings.
 */
export async function* runSearch(
  search: Search,
  options: SearchOptions,
): AsyncGenerator<SearchRecord, SearchResult> {
  const { section, pipeline } = search;
  const directory = options.output ?? join('models', `${pipeline.name}.search`);
  const folder = await SearchFolder.open(search, directory, options);
  const trials = search.trials.map(({ number }) => number);
  const plan: HalvingPlan = { trials, epochs: section.epochs, reduction: section.reduction };
  const rungs = rungSizes(plan).map((size, i) => ({ trials: size, epochs: plan.epochs[i] }));
  yield { kind: 'search', folder: directory, rungs };

  const count = rungs.reduce((sum, rung) => sum + rung.trials, 0);
  const ranked = yield* halve(plan, (rung) => trainRung(rung, { search, folder, options, count }));
  const interrupted = ranked.length === 0;
  const best = interrupted ? bestSoFar(folder) : folder.find(ranked[0][0], plan.epochs.length);
  if (!best) {
    const message = 'interrupted before the first trial was trained';
    throw new TaggerError('E_INTERRUPTED', { message, hint: 'the same command goes on' });
  }
  const command = commandOf(search, best.settings);
  return { folder: directory, best, model: folder.modelOf(best.trial), command, interrupted };
}

interface Context {
  readonly search: Search;
  readonly folder: SearchFolder;
  readonly options: SearchOptions;
  readonly count: number;
}

async function* trainRung(
  rung: Rung,
  { search, folder, options, count }: Context,
): AsyncGenerator<SearchRecord, RungScores | undefined> {
  // The models of those that were dropped; checkpoints can be large.
  await folder.discard((trial) => !rung.trials.includes(trial));
  const missing = rung.trials.filter((trial) => !folder.find(trial, rung.rung));
  const known = rung.trials.length - missing.length;
  yield { kind: 'rung', ...rung, rungs: search.section.epochs.length, known };

  async function* finish(row: TrialRow, error?: TaggerError): AsyncGenerator<SearchRecord> {
    await folder.add(row);
    yield { kind: 'trial', row, done: folder.rows.length, count, error };
  }
  const toTrain: number[] = [];
  for (const trial of missing) {
    const ended = rowIfEnded(trial, rung, search, folder);
    if (ended) yield* finish({ ...ended, rung: rung.rung });
    else toTrain.push(trial);
  }
  const jobs: Job[] = [];
  for (const trial of toTrain) jobs.push(await jobOf(trial, rung, search, folder, options));
  for await (const told of runMany(jobs, options)) {
    const trial = toTrain[told.job];
    const { settings } = search.trials[trial - 1];
    if ('record' in told) {
      yield { kind: 'run', trial, record: told.record };
    } else if ('error' in told) {
      if (told.error.code === 'E_INTERRUPTED') continue;
      if (!failures.includes(told.error.code)) throw told.error;
      yield* finish({ trial, rung: rung.rung, ...failed, settings }, told.error);
    } else if (!told.result.interrupted) {
      yield* finish({ trial, rung: rung.rung, ...outcomeOf(told.result, search), settings });
    }
  }
  const rows = rung.trials.flatMap((trial) => folder.find(trial, rung.rung) ?? []);
  if (rows.length < rung.trials.length) return undefined;
  return new Map(rows.map(({ trial, score }) => [trial, score]));
}

/** The row of the rung before, where patience ended the training: more epochs would not change it. */
function rowIfEnded(
  trial: number,
  { rung }: Rung,
  { section }: Search,
  folder: SearchFolder,
): TrialRow | undefined {
  const before = folder.find(trial, rung - 1);
  return before && before.epochs < section.epochs[rung - 2] ? before : undefined;
}

async function jobOf(
  trial: number,
  { epochs }: Rung,
  { trials }: Search,
  folder: SearchFolder,
  { base, force }: SearchOptions,
): Promise<Job> {
  const output = folder.modelOf(trial);
  const resume = await isThere(checkpointFolder(output));
  const options = { output, base, force, resume, stopAfter: epochs, skipTest: true };
  return { pipeline: trials[trial - 1].pipeline, options };
}

const failed = { epochs: 0, score: Number.NEGATIVE_INFINITY, bestEpoch: 0, seconds: 0, hash: '' };

function outcomeOf({ dev, epochs, bestEpoch, seconds, hash }: RunResult, { pipeline }: Search) {
  // Rounded before they are compared, so that a search that goes on from its file compares the same.
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    epochs,
    score: round(dev[metricOf(pipeline, dev)], 4),
    bestEpoch,
    seconds: round(seconds, 3),
    hash,
  };
}

/** The best trial of the highest rung that has one. */
function bestSoFar({ rows }: SearchFolder): TrialRow | undefined {
  const done = rows.filter(({ score }) => score > Number.NEGATIVE_INFINITY);
  return done.sort((a, b) => b.rung - a.rung || b.score - a.score || a.trial - b.trial)[0];
}
