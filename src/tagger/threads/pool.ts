/** Threads that work with one tagger on its one memory. This thread stays free and gives them the memory that they ask for. */
import { Piscina } from 'piscina';
import { reply } from '../../core/borrowed-memory.js';
import { TaggerError } from '../../core/errors.js';
import type { Memory } from '../../core/memory.js';
import type { SharedTagger, WorkerRequest } from './shared.js';

export interface PoolOptions {
  readonly threads: number;
  /** The module of the workers; its default export takes a job and has the tagger from `workerTagger`. */
  readonly worker: URL;
  /** Plain data for `workerSettings`. */
  readonly data?: unknown;
}

export class TaggerPool<Job, Result> {
  readonly threads: number;
  private readonly pool: Piscina;
  private readonly heap: Memory;
  /** Blocks in the hands of the threads. What a thread leaves that dies is free again when the pool is closed. */
  private readonly lent = new Set<number>();

  /** `heap` is the owner of the tagger's memory, in this thread. The tagger is not to be closed before the pool. */
  constructor(shared: SharedTagger, heap: Memory, { threads, worker }: PoolOptions) {
    this.threads = threads;
    this.heap = heap;
    this.pool = new Piscina({
      filename: worker.href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: shared,
    });
    this.pool.on('message', (request: WorkerRequest) => this.answer(request));
    // A thread that dies without a job is replaced; one with a job fails that.
    this.pool.on('error', () => {});
  }

  /** Throws what the job throws, and E_WORKER or E_MEMORY where its thread dies with it; another takes its place. */
  async run(job: Job, transfer: ArrayBuffer[] = []): Promise<Result> {
    try {
      return await this.pool.run(job, { transferList: transfer });
    } catch (error) {
      throw error instanceof TaggerError ? error : died(error as Error);
    }
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await this.pool.destroy();
    for (const start of this.lent) this.heap.release(start);
    this.lent.clear();
  }

  private answer(request: WorkerRequest): void {
    if (request.kind === 'release') {
      if (this.lent.delete(request.start)) this.heap.release(request.start);
      return;
    }
    const start = this.allocate(request.bytes);
    if (start !== undefined) this.lent.add(start);
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
}

function died(cause: Error & { code?: string }): TaggerError {
  const code = cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'E_MEMORY' : 'E_WORKER';
  const problem = { message: 'a worker thread ended in the midst of its work', found: cause.message };
  return new TaggerError(code, problem, { cause });
}
