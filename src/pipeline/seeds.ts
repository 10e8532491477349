/** One pipeline trained with several seeds: every model is kept, and the one that is best on dev is marked. */
import { TaggerError } from '../core/errors.js';
import { isThere } from './aside.js';
import { checkpointFolder } from './checkpoints.js';
import { runMany } from './many.js';
import type { RunRecord, RunResult } from './records.js';
import type { RunOptions } from './run.js';
import type { Pipeline } from './schema.js';
import { SeedsFolder } from './seeds-folder.js';
import { type SeedRun, type SeedsSummary, summarize } from './seeds-summary.js';
import type { Job } from './side-by-side.js';

export * from './seeds-summary.js';

export interface SeedsOptions extends Pick<RunOptions, 'base' | 'signal' | 'force'> {
  /** How many seeds, at least 1. */
  readonly count: number;
  /** Threads to use, at least 1. */
  readonly workers: number;
  /** Holds the models `seed-N`; `models/NAME` by default. */
  readonly output?: string;
  /** Keeps the runs that are done in the same output and goes on with the others; `force` as of a single run. */
  readonly resume?: boolean;
}

export type SeedsRecord =
  | { readonly kind: 'run'; readonly seed: number; readonly record: RunRecord }
  /** A run is done, or was done before; `done` counts them. */
  | {
      readonly kind: 'seed';
      readonly seed: number;
      readonly result: RunResult;
      readonly done: number;
      readonly count: number;
    }
  | { readonly kind: 'failed'; readonly seed: number; readonly error: TaggerError };

export interface SeedsResult {
  /** The directory of the model that is best on dev: `OUTPUT/best`. */
  readonly best: string;
  /** The runs that are done, in the order of their seeds. */
  readonly runs: readonly SeedRun[];
  /** Of these runs. */
  readonly summary: SeedsSummary;
  readonly failed: readonly { readonly seed: number; readonly error: TaggerError }[];
  readonly interrupted: boolean;
}

/** The pipeline with its own seed, the next one, and so on, `count` in all. */
export function seedsOf(pipeline: Pipeline, count: number): Pipeline[] {
  return Array.from({ length: count }, (_, i) => ({ ...pipeline, seed: (pipeline.seed + i) % 2 ** 32 }));
}

/**
 * Trains the pipeline with each seed (side by side or one after another, see `runMany`), keeps every model, and after each
 * writes `seeds.json` and the link `best` anew. A run that fails leaves the others as they are.
 *
 * Throws E_USAGE where the output holds something else than models of seeds, or checkpoints that neither `resume` nor `force`
 * says what to do with; E_RESUME on `resume` of another pipeline; E_WRITE; the error of the first run when all failed, and
 * E_INTERRUPTED when none was done before `signal`.
 */
export async function* runSeeds(
  pipeline: Pipeline,
  options: SeedsOptions,
): AsyncGenerator<SeedsRecord, SeedsResult> {
  const { count, workers, base, signal, force } = options;
  const pipelines = seedsOf(pipeline, count);
  const seeds = pipelines.map(({ seed }) => seed);
  const folder = await SeedsFolder.open(pipeline, seeds, options);
  const runs = [...folder.done];
  for (const [i, { seed, result }] of runs.entries())
    yield { kind: 'seed', seed, result, done: i + 1, count };

  const missing = pipelines.filter(({ seed }) => !runs.some((run) => run.seed === seed));
  const jobs: Job[] = [];
  for (const each of missing) {
    const output = folder.modelOf(each.seed);
    // A seed that was not begun has nothing to resume.
    const isBegun = folder.canResume && (await isThere(checkpointFolder(output)));
    jobs.push({ pipeline: each, options: { output, base, resume: isBegun, force } });
  }
  const failed: { seed: number; error: TaggerError }[] = [];
  for await (const told of runMany(jobs, { workers, signal })) {
    const { seed } = missing[told.job];
    if ('record' in told) {
      yield { kind: 'run', seed, record: told.record };
    } else if ('error' in told) {
      if (told.error.code === 'E_INTERRUPTED') continue;
      failed.push({ seed, error: told.error });
      yield { kind: 'failed', seed, error: told.error };
    } else if (!told.result.interrupted) {
      runs.push({ seed, result: told.result });
      runs.sort((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed));
      await folder.mark(runs, summarize(runs, pipeline));
      yield { kind: 'seed', seed, result: told.result, done: runs.length, count };
    }
  }
  if (runs.length === 0) throw failed[0]?.error ?? nothingDone();
  const interrupted = runs.length + failed.length < count;
  return { best: folder.best, runs, summary: summarize(runs, pipeline), failed, interrupted };
}

function nothingDone(): TaggerError {
  const message = 'interrupted before the run of the first seed was done';
  return new TaggerError('E_INTERRUPTED', { message, hint: 'the same command with --resume goes on' });
}
