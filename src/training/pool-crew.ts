/** A crew in worker threads, which live as long as the training and meet in shared memory; this thread stays free. */
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { reply } from '../core/borrowed-memory.js';
import type { ErrorData } from '../core/errors.js';
import { errorOf, TaggerError } from '../core/errors.js';
import { Meeting } from '../core/meeting.js';
import { ThreadPool } from '../core/thread-pool.js';
import type { Order } from './board.js';
import type { Crew } from './crew.js';
import type { WorkerMessage, WorkerTask } from './crew-worker.js';
import type { Workplace } from './workplace.js';

/** Milliseconds of waiting for others without sleep: about as long as two members that share a step fairly may be apart. */
const SPIN = 0.5;

/** Threads for a crew. They take a moment to start, so open them before there is work. */
export function openPool(threads: number): Piscina {
  // The members wait in their own way.
  const worker = new URL('./crew-worker.js', import.meta.url);
  const pool = new ThreadPool(worker, threads, { atomics: 'disabled' });
  // Of a thread that has no task yet; the tasks of a crew fail by themselves.
  pool.on('error', () => {});
  return pool;
}

export class PoolCrew implements Crew {
  private readonly pool: Piscina;
  private readonly workplace: Workplace;
  private readonly meeting: Meeting;
  private readonly replies: SharedArrayBuffer;
  private readonly ports: MessagePort[] = [];
  private readonly tasks: Promise<void>[];
  /** Blocks in the hands of the members. */
  private readonly lent = new Set<number>();
  private failure?: TaggerError;
  private isLeaving = false;
  private current?: { resolve: () => void; reject: (error: TaggerError) => void };

  /** `pool` has a thread for every member, and is destroyed at the end. */
  constructor(workplace: Workplace, pool: Piscina) {
    const { members } = workplace.plan.board;
    this.workplace = workplace;
    this.pool = pool;
    // The main thread sleeps most of the time and is not counted.
    this.meeting = new Meeting(members, members <= availableParallelism() ? SPIN : 0);
    this.replies = new SharedArrayBuffer(members * 4);
    pool.on('error', (error: Error) => this.fail(died(error.message, error)));
    for (const thread of pool.threads) {
      // Comes before the exit and says more, such as that the thread's own memory is used up.
      thread.on('error', (error: Error) => this.fail(died(error.message, error)));
      thread.on('exit', (code) => this.fail(died(`it exited with code ${code}`)));
    }
    this.tasks = Array.from({ length: members }, (_, index) => this.start(index));
  }

  perform(order: Order): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.current = { resolve, reject };
      if (this.failure) return reject(this.failure);
      this.workplace.board.order = order;
      this.meeting.call();
    }).finally(() => {
      this.current = undefined;
    });
  }

  pause(): void {
    this.meeting.pause();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    if (this.current) this.meeting.break();
    else {
      this.workplace.board.order = { kind: 'leave', epoch: 0, first: 0, before: 0 };
      this.meeting.call();
    }
    // A thread that died may leave its task open for ever.
    if (!this.failure) await Promise.allSettled(this.tasks);
    await this.pool.destroy();
    for (const port of this.ports) port.close();
    for (const start of this.lent) this.workplace.network.engine.heap.release(start);
    this.lent.clear();
  }

  private async start(index: number): Promise<void> {
    const { plan, board, network } = this.workplace;
    const { port1, port2 } = new MessageChannel();
    this.ports.push(port1);
    port1.on('message', (message: WorkerMessage) => this.receive(message, index));
    const task: WorkerTask = {
      plan,
      memory: network.engine.heap.memory,
      meeting: this.meeting.buffer,
      board: board.buffer,
      replies: this.replies,
      spin: this.meeting.spin,
      index,
      port: port2,
    };
    try {
      const error: ErrorData | undefined = await this.pool.run(task, { transferList: [port2] });
      this.fail(error ? errorOf(error) : died('it left its work'));
    } catch (error) {
      this.fail(died((error as Error).message, error));
    }
  }

  private receive(message: WorkerMessage, index: number): void {
    switch (message.kind) {
      case 'done':
        this.current?.resolve();
        break;
      case 'release':
        if (this.lent.delete(message.start)) this.workplace.network.engine.heap.release(message.start);
        break;
      case 'allocate':
        reply(this.replies, index, this.lend(message.bytes));
    }
  }

  /** Memory for a member; without any the crew has failed. */
  private lend(bytes: number): number | undefined {
    try {
      const start = this.workplace.network.engine.heap.allocate(bytes);
      this.lent.add(start);
      return start;
    } catch (error) {
      this.fail(error as TaggerError);
      return undefined;
    }
  }

  /** The first failure is the one that counts: the others are freed by it. */
  private fail(error: TaggerError): void {
    if (this.isLeaving || this.failure) return;
    this.failure = error;
    this.meeting.break();
    this.current?.reject(error);
  }
}

function died(found: string, cause?: unknown): TaggerError {
  const message = 'a worker thread of the training ended before its time';
  const isOutOfMemory = (cause as { code?: string } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new TaggerError(
    isOutOfMemory ? 'E_MEMORY' : 'E_WORKER',
    { message, found, hint: 'the same command with --resume goes on from the last checkpoint' },
    { cause },
  );
}
