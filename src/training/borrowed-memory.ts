/** The memory of another thread: addresses come from its heap, which is asked through a port. */
import type { MessagePort } from 'node:worker_threads';
import { Memory } from '../core/memory.js';
import { Broken } from './meeting.js';

export type MemoryRequest =
  | { readonly kind: 'allocate'; readonly bytes: number }
  | { readonly kind: 'release'; readonly start: number };

/** What stands where a reply is awaited: no reply yet, or that there will be none. */
const [NONE, REFUSED] = [0, 1];

export class BorrowedMemory extends Memory {
  private readonly replies: Int32Array;
  private readonly index: number;
  private readonly port: MessagePort;

  /** `index` is the place of this thread's replies. */
  constructor(memory: WebAssembly.Memory, replies: SharedArrayBuffer, index: number, port: MessagePort) {
    super(memory);
    this.replies = new Int32Array(replies);
    this.index = index;
    this.port = port;
  }

  /** Waits for the owner, which answers at once unless it is at work itself. Throws Broken where it refuses. */
  allocate(bytes: number): number {
    const { replies, index } = this;
    Atomics.store(replies, index, NONE);
    this.port.postMessage({ kind: 'allocate', bytes } satisfies MemoryRequest);
    Atomics.wait(replies, index, NONE);
    const start = Atomics.load(replies, index);
    if (start === REFUSED) throw new Broken();
    this.refresh();
    return start >>> 0;
  }

  release(start: number): void {
    this.port.postMessage({ kind: 'release', start } satisfies MemoryRequest);
  }
}

/** The owner's answer: an address, or undefined where it will give none, now and later. */
export function reply(replies: SharedArrayBuffer, index: number, start: number | undefined): void {
  const view = new Int32Array(replies);
  Atomics.store(view, index, start ?? REFUSED);
  Atomics.notify(view, index);
}
