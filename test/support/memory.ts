/**
 * Arrays in a heap, each between two guard bands. `verify` fails when a kernel wrote into a band or into an array that
 * it may only read. Half of a band's words are NaN, so that what is read there by mistake shows in the result; the
 * others, next to the array, are numbers: adding to a NaN leaves its bits as they were.
 */
import { expect } from 'vitest';
import type { Heap } from '../../src/core/heap.js';

export type Numbers = Float32Array | Float64Array | Int32Array | Uint16Array;

export interface Block<T extends Numbers> {
  readonly address: number;
  /** A copy of what is there now. */
  read(): T;
}

interface Guarded {
  readonly start: number;
  readonly bytes: number;
  /** What an input must still be. */
  readonly constant?: Uint8Array;
}

const BAND = 128;
const words = Float32Array.from({ length: BAND / 4 }, (_, i) => (i % 2 ? Number.NaN : 777.25 + i));
const after = new Uint8Array(words.buffer);
const before = bytesOf(words.slice().reverse());

export class GuardedMemory {
  private readonly heap: Heap;
  private blocks: Guarded[] = [];

  constructor(heap: Heap) {
    this.heap = heap;
  }

  /** Address of an array that the kernel must leave as it is. */
  input(values: Numbers): number {
    return this.place(values, bytesOf(values).slice());
  }

  /** An array that the kernel may change. */
  output<T extends Numbers>(values: T): Block<T> {
    const address = this.place(values);
    return {
      address,
      read: () => {
        const copy = values.slice() as T;
        bytesOf(copy).set(this.heap.u8.subarray(address, address + values.byteLength));
        return copy;
      },
    };
  }

  verify(): void {
    for (const { start, bytes, constant } of this.blocks) {
      const end = start + BAND + bytes;
      this.expectBytes(start, before, 'the band before an array', BAND);
      if (constant) this.expectBytes(start + BAND, constant, 'an input', 0);
      this.expectBytes(end, after, 'the band after an array', 0);
    }
  }

  release(): void {
    for (const { start } of this.blocks) this.heap.release(start);
    this.blocks = [];
  }

  private place(values: Numbers, constant?: Uint8Array): number {
    const bytes = values.byteLength;
    const start = this.heap.allocate(bytes + 2 * BAND);
    this.heap.u8.set(before, start);
    this.heap.u8.set(bytesOf(values), start + BAND);
    this.heap.u8.set(after, start + BAND + bytes);
    this.blocks.push({ start, bytes, constant });
    return start + BAND;
  }

  private expectBytes(start: number, expected: Uint8Array, what: string, origin: number): void {
    const memory = this.heap.u8;
    for (let i = 0; i < expected.length; i++) {
      if (memory[start + i] !== expected[i]) expect.fail(`${what} was written to, at byte ${i - origin}`);
    }
  }
}

function bytesOf(values: Numbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
