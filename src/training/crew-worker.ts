/** What runs in a worker thread of a crew: a member that waits for orders and carries them out until it is told to leave. */
import type { MessagePort } from 'node:worker_threads';
import { Arena } from '../core/arena.js';
import { BorrowedMemory, MemoryRefused, type MemoryRequest } from '../core/borrowed-memory.js';
import { attachEngine } from '../core/engine.js';
import { type ErrorData, errorData } from '../core/errors.js';
import { Broken, Meeting } from '../core/meeting.js';
import { attachNetwork } from '../tagger/network.js';
import { Board } from './board.js';
import { Member } from './member.js';
import { methodOf } from './method.js';
import type { CrewPlan } from './plan.js';

export interface WorkerTask {
  readonly plan: CrewPlan;
  readonly memory: WebAssembly.Memory;
  /** Buffers of the meeting, the board and the replies to requests for memory. */
  readonly meeting: SharedArrayBuffer;
  readonly board: SharedArrayBuffer;
  readonly replies: SharedArrayBuffer;
  readonly spin: number;
  /** Of this member. */
  readonly index: number;
  readonly port: MessagePort;
}

export type WorkerMessage = MemoryRequest | { readonly kind: 'done' };

/** Resolves at the end of the work; with the error that ended it where there was one. */
export default async function work(task: WorkerTask): Promise<ErrorData | undefined> {
  const { plan, memory, index, port } = task;
  const meeting = new Meeting(plan.board.members, task.spin, task.meeting);
  try {
    const board = new Board(plan.board, task.board);
    const heap = new BorrowedMemory(memory, task.replies, index, (request) => port.postMessage(request));
    const network = attachNetwork(plan.network, attachEngine(heap, plan.build));
    const method = methodOf(plan, network.params, network.engine.kernels);
    const arena = new Arena(heap);
    const member = new Member(plan, network, method, { meeting, board, arena, index });
    for (let call = meeting.next(0); board.order.kind !== 'leave'; call = meeting.next(call)) {
      for (const _ of member.perform(board.order));
      meeting.meet(() => port.postMessage({ kind: 'done' } satisfies WorkerMessage));
    }
    return undefined;
  } catch (error) {
    // The owner knows why.
    if (error instanceof Broken || error instanceof MemoryRefused) return undefined;
    return errorData(error);
  } finally {
    port.close();
  }
}
