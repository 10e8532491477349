/** The memory of another thread: addresses come from its heap, which is asked by messages. */
import { TaggerError } from './errors.js';
import { Memory } from './memory.js';

export type MemoryRequest =
  | { readonly kind: 'allocate'; readonly bytes: number }
  | { readonly kind: 'release'; readonly start: number };

/** What stands where a reply is awaited: no reply yet, or that there will be none. */
const [NONE, REFUSED] = [0, 1];

/** Thrown where the owner gives no memory: E_MEMORY. */
export class MemoryRefused extends TaggerError {
  constructor(bytes: number) {
    super('E_MEMORY', {
      message: 'the thread that owns the memory gives no more of it',
      expected: `${bytes} bytes`,
      hint: 'fewer threads',
    });
  }
}

export class BorrowedMemory extends Memory {
  private readonly replies: Int32Array;
  private readonly index: number;
  private readonly send: (request: MemoryRequest) => void;

  /** `index` is the place of this thread's replies; `send` brings requests to the owner. */
  constructor(
    memory: WebAssembly.Memory,
    replies: SharedArrayBuffer,
    index: number,
    send: (request: MemoryRequest) => void,
  ) {
    super(memory);
    this.replies = new Int32Array(replies);
    this.index = index;
    this.send = send;
  }

  /** Waits for the owner, which answers at once unless it is at work itself. Throws MemoryRefused. */
  allocate(bytes: number): number {
    const { replies, index } = this;
    Atomics.store(replies, index, NONE);
    this.send({ kind: 'allocate', bytes });
    Atomics.wait(replies, index, NONE);
    const start = Atomics.load(replies, index);
    if (start === REFUSED) throw new MemoryRefused(bytes);
    this.refresh();
    return start >>> 0;
  }

  release(start: number): void {
    this.send({ kind: 'release', start });
  }
}

/** The owner's answer: an address, or undefined where it gives none. */
export function reply(replies: SharedArrayBuffer, index: number, start: number | undefined): void {
  const view = new Int32Array(replies);
  Atomics.store(view, index, start ?? REFUSED);
  Atomics.notify(view, index);
}
