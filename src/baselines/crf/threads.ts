/** Runs a training in this thread or in several others. */
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import { type ErrorData, errorOf, TaggerError } from '../../core/errors.js';
import { Meeting } from '../../core/meeting.js';
import { ThreadPool } from '../../core/thread-pool.js';
import { type FitOptions, type FitPlan, fit, planFit } from './fit.js';
import type { Iteration } from './lbfgs.js';
import type { Problem } from './problem.js';
import type { WorkerTask } from './worker.js';

/** Milliseconds of waiting for others without sleep: a job is about as long. */
const SPIN = 0.5;

export interface Crew {
  readonly members: number;
  readonly signal?: AbortSignal;
  /** The module of the threads. */
  readonly worker?: URL;
}

/**
 * Yields each iteration; the result is the weights. Throws the signal's reason where it ends the training, E_WORKER or E_MEMORY
 * where a thread dies.
 */
export async function* runFit(
  problem: Problem,
  options: FitOptions,
  { members, signal, worker = new URL('./worker.js', import.meta.url) }: Crew,
): AsyncGenerator<Iteration, Float64Array> {
  signal?.throwIfAborted();
  const plan = planFit(problem, options, members, members <= availableParallelism() ? SPIN : 0);
  yield* members === 1 ? here(plan, signal) : inThreads(plan, worker, signal);
  return plan.vectors.x;
}

async function* here(plan: FitPlan, signal?: AbortSignal): AsyncGenerator<Iteration> {
  for (const iteration of fit(plan, 0)) {
    yield iteration;
    // The event loop has its turn, where the signal comes from.
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
}

async function* inThreads(plan: FitPlan, worker: URL, signal?: AbortSignal): AsyncGenerator<Iteration> {
  const { members, spin, meeting } = plan.team;
  const { port1, port2 } = new MessageChannel();
  const iterations = new Readable({ objectMode: true, read() {} });
  const fail = (error: Error) => iterations.destroy(error);
  const abort = () => fail(signal?.reason);
  // The members wait for each other in their own way.
  const pool = new ThreadPool(worker, members, { atomics: 'disabled' });
  pool.on('error', (error: Error) => fail(died(error.message, error)));
  for (const thread of pool.threads) {
    // Comes before the exit and says more, such as that the thread's own memory is used up.
    thread.on('error', (error: Error) => fail(died(error.message, error)));
    thread.on('exit', (code) => fail(died(`it exited with code ${code}`)));
  }
  port1.on('message', (iteration: Iteration) => iterations.push(iteration));
  // After the last message.
  const closed = new Promise((resolve) => port1.once('close', resolve));
  signal?.addEventListener('abort', abort);

  const start = async (index: number) => {
    const task: WorkerTask = index === 0 ? { plan, index, port: port2 } : { plan, index };
    const error: ErrorData | undefined = await pool.run(task, { transferList: index === 0 ? [port2] : [] });
    if (error) throw errorOf(error);
  };
  const tasks = Array.from({ length: members }, (_, index) => start(index));
  for (const task of tasks) {
    task.catch((error: Error) => fail(error instanceof TaggerError ? error : died(error.message, error)));
  }
  Promise.all([...tasks, closed]).then(
    () => iterations.push(null),
    () => {},
  );
  try {
    yield* iterations as AsyncIterable<Iteration>;
  } finally {
    signal?.removeEventListener('abort', abort);
    new Meeting(members, spin, meeting).break();
    await pool.destroy();
    port1.close();
  }
}

function died(found: string, cause?: unknown): TaggerError {
  const isOutOfMemory = (cause as { code?: string } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const problem = { message: 'a worker thread of the CRF ended before its time', found };
  return new TaggerError(isOutOfMemory ? 'E_MEMORY' : 'E_WORKER', problem, { cause });
}
