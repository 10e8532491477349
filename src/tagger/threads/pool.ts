/** Threads that work with one tagger on its one memory. This thread stays free and gives them the memory that they ask for. */
import { reply } from '../../core/borrowed-memory.js';
import { TaggerError } from '../../core/errors.js';
import type { Memory } from '../../core/memory.js';
import { ThreadPool } from '../../core/thread-pool.js';
import type { SharedTagger, WorkerRequest } from './shared.js';

/**
 * Of each thread, for its short-lived objects (two thirds are in use at a time). Three times as much, as Node has it, is no faster, and
 * takes 50 MB a thread more.
 */
const YOUNG_GENERATION_MB = 12;

export interface PoolOptions {
  readonly threads: number;
  /** The module of the workers; its default export takes a job and has the tagger from `workerTagger`. */
  readonly worker: URL;
  /** Plain data for `workerSettings`. */
  readonly data?: unknown;
}

export class TaggerPool<Job, Result> {
  readonly threads: number;
  /** Aborted with E_USAGE when the pool is closed. */
  readonly closed: AbortSignal;
  private readonly name: string;
  private readonly pool: ThreadPool;
  private readonly heap: Memory;
  /** Blocks in the hands of the threads, and whose each is. */
  private readonly lent = new Map<number, number>();
  private readonly closing = new AbortController();
  private end?: Promise<void>;

  /** `heap` is the owner of the tagger's memory, in this thread. The tagger is not to be closed before the pool. */
  constructor(shared: SharedTagger, heap: Memory, { threads, worker }: PoolOptions) {
    this.threads = threads;
    this.closed = this.closing.signal;
    this.name = shared.config.pipeline.name;
    this.heap = heap;
    this.pool = new ThreadPool(worker, threads, {
      workerData: shared,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.pool.on('message', (request: WorkerRequest) => this.answer(request));
    // A thread that dies without a job is replaced; one with a job fails that.
    this.pool.on('error', () => this.reclaim());
  }

  /**
   * Throws E_WORKER or E_MEMORY where the job's thread dies with it, and another takes its place; E_WORKER where the job throws,
   * which it should not: no more than the message of an error crosses threads. Throws E_USAGE once the pool is closed.
   */
  async run(job: Job, transfer: ArrayBuffer[] = []): Promise<Result> {
    this.closed.throwIfAborted();
    try {
      return await this.pool.run(job, { transferList: transfer });
    } catch (error) {
      this.closed.throwIfAborted();
      this.reclaim();
      throw died(error as Error);
    }
  }

  /** Ends the threads, whatever they do: jobs in flight fail with E_USAGE. Closing twice does no harm. */
  close(): Promise<void> {
    this.end ??= this.endThreads();
    return this.end;
  }

  private async endThreads(): Promise<void> {
    this.closing.abort(
      new TaggerError('E_USAGE', { message: `the threads of the tagger ${this.name} are closed` }),
    );
    // Not before they have stopped is their memory free.
    await this.pool.destroy();
    for (const start of this.lent.keys()) this.heap.release(start);
    this.lent.clear();
  }

  private answer(request: WorkerRequest): void {
    if (request.kind === 'release') {
      if (this.lent.delete(request.start)) this.heap.release(request.start);
      return;
    }
    const start = this.allocate(request.bytes);
    if (start !== undefined) this.lent.set(start, request.thread);
    reply(request.replies, 0, start);
  }

  /** Undefined where there is no memory: the thread that asked fails its document, and the others go on. */
  private allocate(bytes: number): number | undefined {
    try {
      return this.heap.allocate(bytes);
    } catch (error) {
      if (error instanceof TaggerError && error.code === 'E_MEMORY') return undefined;
      throw error;
    }
  }

  /** Takes back what threads had that are no more. */
  private reclaim(): void {
    const alive = new Set(this.pool.threads.map(({ threadId }) => threadId));
    for (const [start, thread] of this.lent) {
      if (alive.has(thread)) continue;
      this.lent.delete(start);
      this.heap.release(start);
    }
  }
}

function died(cause: Error & { code?: string }): TaggerError {
  const code = cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'E_MEMORY' : 'E_WORKER';
  const problem = { message: 'a worker thread did not come to the end of its work', found: cause.message };
  return new TaggerError(code, problem, { cause });
}
