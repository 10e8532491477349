/** A list of 32-bit integers in a memory, where kernels and other threads can read it; it moves when it grows. */
import type { Memory } from './memory.js';

export class Ints {
  private readonly heap: Memory;
  private capacity = 256;
  address: number;
  length = 0;

  constructor(heap: Memory) {
    this.heap = heap;
    this.address = heap.allocate(this.capacity * 4);
  }

  push(value: number): void {
    if (this.length === this.capacity) this.grow();
    this.heap.i32[(this.address >>> 2) + this.length++] = value;
  }

  at(index: number): number {
    return this.heap.i32[(this.address >>> 2) + index];
  }

  truncate(length: number): void {
    if (length < this.length) this.length = length;
  }

  release(): void {
    this.heap.release(this.address);
  }

  private grow(): void {
    const old = this.address;
    this.address = this.heap.allocate(this.capacity * 8);
    this.heap.u8.copyWithin(this.address, old, old + this.capacity * 4);
    this.capacity *= 2;
    this.heap.release(old);
  }
}
