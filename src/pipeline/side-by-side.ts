/** Several runs of pipelines at once, each whole run in one thread of a pool. */
import { EventEmitter, on, setMaxListeners } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { type ErrorData, errorOf, TaggerError } from '../core/errors.js';
import { ThreadPool } from '../core/thread-pool.js';
import type { RunRecord, RunResult } from './records.js';
import type { RunOptions } from './run.js';
import type { Pipeline } from './schema.js';

export interface Job {
  readonly pipeline: Pipeline;
  readonly options: Omit<RunOptions, 'signal' | 'engine' | 'workers'>;
}

/** Of the job with this index in the list. Its last record has its result or its error. */
export type SideBySideRecord =
  | { readonly job: number; readonly record: RunRecord }
  | { readonly job: number; readonly result: RunResult }
  | { readonly job: number; readonly error: TaggerError };

/** What a thread is given: a job, and the port for its records and for the word to stop. */
export interface Task extends Job {
  readonly port: MessagePort;
}

/** What a thread sends; the last message is no record. */
export type Message =
  | { readonly record: RunRecord }
  | { readonly result: RunResult }
  | { readonly error: ErrorData };

/**
 * Runs the jobs in `threads` threads, each with an engine (memory, kernels) and a copy of the corpus of its own. The records
 * of a job come in order, those of different jobs as they happen. A job that fails, or whose thread dies (E_WORKER,
 * E_MEMORY), ends with an error and leaves the others as they are.
 *
 * After `signal` the jobs that run end in order, as a run with that signal does, and no others begin: they have no record
 * at all. Who stops reading stops the jobs likewise.
 */
export async function* runSideBySide(
  jobs: readonly Job[],
  options: { readonly threads: number; readonly signal?: AbortSignal },
): AsyncGenerator<SideBySideRecord> {
  const threads = Math.min(options.threads, jobs.length);
  if (threads === 0) return;
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  // One for every job that runs.
  setMaxListeners(threads, signal);
  const pool = openPool(threads);
  const channel = new EventEmitter();
  // The error of a thread that has no job ends all of it: the next job would not fare better there.
  pool.on('error', (error) => channel.emit('error', died(error)));
  // A second one, while the jobs end, finds no reader any more.
  channel.on('error', () => {});
  const records = on(channel, 'record', { close: ['end'] });

  // The lanes share one iterator, so each job is run once and no more than `threads` of them at a time.
  const waiting = jobs.entries();
  const lane = async () => {
    for (const [job, task] of waiting) {
      if (signal.aborted) return;
      await runJob(pool, task, signal, (message) => channel.emit('record', { job, ...message }));
    }
  };
  const lanes = Promise.all(Array.from({ length: threads }, lane)).finally(() => channel.emit('end'));
  try {
    for await (const [record] of records) yield record as SideBySideRecord;
  } catch (error) {
    // Where threads cannot even start, jobs would wait for one for ever.
    left.abort();
    await pool.destroy();
    throw error;
  } finally {
    left.abort();
    await lanes;
    await pool.destroy();
  }
}

function openPool(threads: number): Piscina {
  // A thread that waits for its next job in the way of Piscina cannot close the port of its last one.
  const worker = new URL('./side-by-side-worker.js', import.meta.url);
  return new ThreadPool(worker, threads, { atomics: 'disabled' });
}

type Told = { record: RunRecord } | { result: RunResult } | { error: TaggerError };

/** Settles when the job has ended and all that it sent was told; never rejects. */
async function runJob(
  pool: Piscina,
  job: Job,
  signal: AbortSignal,
  tell: (message: Told) => void,
): Promise<void> {
  const { port1: port, port2: theirs } = new MessageChannel();
  const ended = new Promise<void>((resolve) => {
    port.on('message', (message: Message) => {
      tell('error' in message ? { error: errorOf(message.error) } : message);
      if (!('record' in message)) resolve();
    });
  });
  const stop = () => port.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const task: Task = { ...job, port: theirs };
    await pool.run(task, { transferList: [theirs] });
    // The answer of the pool has a way of its own and may overtake what the port brings.
    await ended;
  } catch (error) {
    tell({ error: died(error as Error) });
  } finally {
    signal.removeEventListener('abort', stop);
    port.close();
  }
}

/** The error of a job whose thread ended with it. */
function died(cause: Error & { code?: string }): TaggerError {
  const code = cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'E_MEMORY' : 'E_WORKER';
  const message = 'the thread of a run ended before its time';
  const hint = 'the same command with --resume goes on from the last checkpoint';
  return new TaggerError(code, { message, found: cause.message, hint }, { cause });
}
