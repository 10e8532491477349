import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/core/heap.js';
import { Ints } from '../../src/core/ints.js';

const makeHeap = () => new Heap(new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true }));
const numbered = (n: number) => Array.from({ length: n }, (_, i) => 7919 * i - 5);

function fill(ints: Ints, values: readonly number[]): void {
  for (const value of values) ints.push(value);
}

/** What kernels see. */
const inMemory = (heap: Heap, { address, length }: Ints) => [
  ...heap.i32.subarray(address / 4, address / 4 + length),
];

describe('a list of integers', () => {
  it('is empty at first', () => {
    expect(new Ints(makeHeap()).length).toBe(0);
  });

  it('keeps its values while it grows and moves, and the memory with it', () => {
    const heap = makeHeap();
    const ints = new Ints(heap);
    const addresses = new Set<number>();
    const bytes = heap.u8.length;
    const values = numbered(100_000);
    for (const value of values) {
      ints.push(value);
      addresses.add(ints.address);
    }
    expect(addresses.size).toBeGreaterThan(5);
    expect(heap.u8.length).toBeGreaterThan(bytes);
    expect(inMemory(heap, ints)).toEqual(values);
    expect([0, 255, 256, 99_999].map((i) => ints.at(i))).toEqual([0, 255, 256, 99_999].map((i) => values[i]));
  });

  it('holds every integer of 32 bits', () => {
    const heap = makeHeap();
    const ints = new Ints(heap);
    const extremes = [-(2 ** 31), -1, 0, 2 ** 31 - 1];
    fill(ints, extremes);
    expect(inMemory(heap, ints)).toEqual(extremes);
  });

  it('does not touch what lies behind it', () => {
    const heap = makeHeap();
    const lists = [new Ints(heap), new Ints(heap), new Ints(heap)];
    // By turns, so that they move around one another.
    for (let i = 0; i < 3000; i++) lists.forEach((list, which) => void list.push(3 * i + which));
    lists.forEach((list, which) => {
      expect(inMemory(heap, list)).toEqual(Array.from({ length: 3000 }, (_, i) => 3 * i + which));
    });
  });

  it('is cut off behind a length, and grows on from there', () => {
    const heap = makeHeap();
    const ints = new Ints(heap);
    fill(ints, numbered(1000));
    ints.truncate(300);
    expect(inMemory(heap, ints)).toEqual(numbered(300));
    ints.truncate(400);
    expect(ints.length, 'cut off behind its end').toBe(300);
    fill(ints, [1, 2, 3]);
    expect(inMemory(heap, ints)).toEqual([...numbered(300), 1, 2, 3]);
    ints.truncate(0);
    expect(ints.length).toBe(0);
  });

  it('lies above 2 GiB too', () => {
    const heap = makeHeap();
    heap.allocate(2.25 * 2 ** 30);
    const ints = new Ints(heap);
    fill(ints, numbered(1000));
    expect(ints.address).toBeGreaterThan(2 ** 31);
    expect(inMemory(heap, ints)).toEqual(numbered(1000));
    expect(ints.at(999)).toBe(numbered(1000)[999]);
  });

  it('has no more memory than it needs, and gives all of it back', () => {
    const heap = makeHeap();
    const ints = new Ints(heap);
    fill(ints, numbered(10_000));
    // Doubling leaves less than half unused; the places that it moved from are free again.
    expect(heap.used).toBeLessThan(2 * 10_000 * 4 + 256);
    ints.release();
    expect(heap.used).toBe(0);
  });
});
