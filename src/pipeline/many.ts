/** Many runs of about the same length, each whole or sharded, whichever is done sooner. */
import { errorData, errorOf, TaggerError } from '../core/errors.js';
import { relay } from '../core/relay.js';
import { runPipeline } from './run.js';
import { type Job, runSideBySide, type SideBySideRecord } from './side-by-side.js';

export interface ManyOptions {
  /** Threads to use, at least 1. */
  readonly workers: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs all jobs; for records, errors and `signal` see `runSideBySide`. How a run is done changes its time only: its model
 * has the same bytes with any number of workers.
 */
export async function* runMany(
  jobs: readonly Job[],
  { workers, signal }: ManyOptions,
): AsyncGenerator<SideBySideRecord> {
  const shards = Math.min(...jobs.map(({ pipeline }) => pipeline.training.shards));
  const together = countSideBySide(jobs.length, workers, shards);
  yield* runSideBySide(jobs.slice(0, together), { threads: workers, signal });
  for (let job = together; job < jobs.length && !signal?.aborted; job++) {
    yield* runAlone(job, jobs[job], { workers, signal });
  }
}

/**
 * How many of so many jobs to run side by side, one thread each; the rest go one after another with all workers. Side by
 * side nothing is lost as long as every worker has a job. Of the last jobs, fewer than workers, side by side takes the time
 * of one run, and one after another each takes 1 / speedup of it.
 */
export function countSideBySide(jobs: number, workers: number, shards: number): number {
  if (workers === 1) return 0;
  const rest = jobs % workers;
  // No more workers than shards have something to do in one run.
  return rest <= speedup(Math.min(workers, shards)) ? jobs - rest : jobs;
}

/**
 * How much faster than one worker so many train one model. By Amdahl's law from the 1.8 of two workers at a batch of 10
 * (`npm run bench -- train`): 11 % of a step are not shared.
 */
function speedup(workers: number): number {
  return workers / (1 + 0.11 * (workers - 1));
}

async function* runAlone(
  job: number,
  { pipeline, options }: Job,
  more: ManyOptions,
): AsyncGenerator<SideBySideRecord> {
  const run = runPipeline(pipeline, { ...options, ...more });
  try {
    const result = yield* relay(run, (record) => ({ job, record }));
    yield { job, result };
  } catch (error) {
    yield { job, error: error instanceof TaggerError ? error : errorOf(errorData(error)) };
  }
}
