/** Working memory of one forward and backward pass: allocation moves a pointer, and `reset` takes all of it back. */
import type { Memory } from './memory.js';

/** A place in an arena. */
export interface Mark {
  readonly chunk: number;
  readonly next: number;
}

export class Arena {
  readonly heap: Memory;
  private chunks: { start: number; size: number }[];
  /** The chunk that is being filled, and its first free byte. */
  private current = 0;
  private next = 0;

  constructor(heap: Memory, bytes = 1 << 20) {
    this.heap = heap;
    this.chunks = [{ start: heap.allocate(bytes), size: bytes }];
    this.next = this.chunks[0].start;
  }

  /** Bytes that the arena holds. */
  get size(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.size, 0);
  }

  /** Address of bytes that hold anything, 16-byte aligned. */
  allocate(bytes: number): number {
    // Not with bit operations, which would wrap at 2 GiB.
    const size = Math.ceil(bytes / 16) * 16;
    const chunk = this.chunks[this.current];
    // There is none after a reset that found no memory.
    if (chunk === undefined || this.next + size > chunk.start + chunk.size) {
      this.current = this.chunkFor(size);
      this.next = this.chunks[this.current].start;
    }
    const start = this.next;
    this.next += size;
    return start;
  }

  /** Address of n floats or 32-bit integers. */
  words(n: number): number {
    return this.allocate(n * 4);
  }

  /** Address of a copy of the numbers. */
  place(numbers: Int32Array | Float32Array): number {
    const start = this.words(numbers.length);
    const view = numbers instanceof Float32Array ? this.heap.f32 : this.heap.i32;
    view.set(numbers, start >>> 2);
    return start;
  }

  zeros(n: number): number {
    const start = this.words(n);
    this.heap.f32.fill(0, start >>> 2, (start >>> 2) + n);
    return start;
  }

  /** For `rewind`. */
  mark(): Mark {
    return { chunk: this.current, next: this.next };
  }

  /** All that was allocated since the mark is free again. */
  rewind({ chunk, next }: Mark): void {
    this.current = chunk;
    this.next = next;
  }

  /** Everything is free again. An arena that had to grow becomes one piece of its whole size. */
  reset(): void {
    if (this.chunks.length > 1) {
      const size = this.size;
      this.release();
      this.chunks = [{ start: this.heap.allocate(size), size }];
    }
    this.current = 0;
    // There is none where the last reset found no memory.
    this.next = this.chunks.length > 0 ? this.chunks[0].start : 0;
  }

  release(): void {
    for (const chunk of this.chunks) this.heap.release(chunk.start);
    this.chunks = [];
  }

  /** A chunk behind the current one that has room, which there may be after `rewind`, or a new one. */
  private chunkFor(size: number): number {
    const free = this.chunks.findIndex((chunk, i) => i > this.current && chunk.size >= size);
    if (free >= 0) return free;
    const grown = Math.max(size, this.size);
    return this.chunks.push({ start: this.heap.allocate(grown), size: grown }) - 1;
  }
}
