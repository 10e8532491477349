import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { Heap } from '../../src/core/heap.js';
import { seeded } from '../support/arrays.js';

const GIB = 2 ** 30;
const makeHeap = () => new Heap(new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true }));

describe('an arena', () => {
  it('gives 16-byte aligned pieces that do not overlap, also while it grows', () => {
    const arena = new Arena(makeHeap(), 256);
    const random = seeded();
    const pieces = Array.from({ length: 300 }, () => {
      const bytes = random.below(200);
      return { start: arena.allocate(bytes), bytes };
    }).sort((a, b) => a.start - b.start || a.bytes - b.bytes);
    pieces.forEach(({ start }, i) => {
      expect(start % 16).toBe(0);
      if (i > 0) expect(start).toBeGreaterThanOrEqual(pieces[i - 1].start + pieces[i - 1].bytes);
    });
  });

  it('keeps what was written before it grew', () => {
    const arena = new Arena(makeHeap(), 64);
    const first = arena.words(4);
    arena.heap.f32.set([1, 2, 3, 4], first / 4);
    arena.words(100_000);
    expect([...arena.heap.f32.subarray(first / 4, first / 4 + 4)]).toEqual([1, 2, 3, 4]);
  });

  it('becomes one piece of its whole size when it is reset', () => {
    const heap = makeHeap();
    const arena = new Arena(heap, 64);
    const work = () => Array.from({ length: 50 }, (_, i) => arena.words(10 * i));
    work();
    const { size } = arena;
    expect(size).toBeGreaterThan(64);
    arena.reset();
    expect(arena.size).toBe(size);
    expect(heap.used).toBeLessThan(size + 256);
    const second = work();
    expect(arena.size, 'the same work fits').toBe(size);
    arena.reset();
    expect(work()).toEqual(second);
  });

  it('gives the same places again behind a mark, and those before it stay', () => {
    const arena = new Arena(makeHeap(), 256);
    const random = seeded();
    const work = () => Array.from({ length: 40 }, (_, i) => arena.words(10 * i));
    for (let i = 0; i < 20; i++) {
      arena.reset();
      const before = Array.from({ length: random.below(20) }, () => arena.place(Int32Array.of(i, i)));
      const mark = arena.mark();
      for (const start of work()) arena.heap.i32[start / 4] = -1;
      const { size } = arena;
      for (let again = 0; again < 3; again++) {
        arena.rewind(mark);
        for (const start of work()) arena.heap.i32[start / 4] = -2;
      }
      expect(arena.size, 'the same work fits').toBe(size);
      expect(before.map((start) => arena.heap.i32[start / 4])).toEqual(before.map(() => i));
    }
  });

  it('zeros are zeros where something was before', () => {
    const arena = new Arena(makeHeap(), 1024);
    const before = arena.words(64);
    arena.heap.f32.fill(7, before / 4, before / 4 + 64);
    arena.reset();
    const start = arena.zeros(33);
    expect(start).toBe(before);
    expect(arena.heap.f32.subarray(start / 4, start / 4 + 33).every((value) => value === 0)).toBe(true);
    expect(arena.heap.f32[start / 4 + 33]).toBe(7);
  });

  it('zeros are zeros above 2 GiB', () => {
    const heap = makeHeap();
    heap.allocate(2.25 * GIB);
    const arena = new Arena(heap, 64);
    const start = arena.words(4);
    heap.f32.fill(7, start / 4, start / 4 + 4);
    arena.reset();
    expect(arena.zeros(4)).toBe(start);
    expect([...heap.f32.subarray(start / 4, start / 4 + 4)]).toEqual([0, 0, 0, 0]);
  });

  it('refuses more than the memory can hold', () => {
    const arena = new Arena(makeHeap(), 64);
    expect(() => arena.allocate(5 * GIB)).toThrow(expect.objectContaining({ code: 'E_MEMORY' }));
  });

  it('works on after a reset that found no memory', () => {
    const pages = 16;
    const heap = new Heap(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
    const arena = new Arena(heap, 1024);
    const between = heap.allocate(1024);
    arena.allocate(100_000);
    // All else, so that there is room for each of its pieces, and for no piece as large as both.
    const rest = heap.allocate((pages - 2) * 65_536 - heap.used - 64);
    const noMemory = expect.objectContaining({ code: 'E_MEMORY' });
    expect(() => arena.reset()).toThrow(noMemory);
    for (let i = 0; i < 2; i++) {
      arena.reset();
      expect(() => arena.allocate(200_000)).toThrow(noMemory);
      expect(arena.allocate(100)).toBeGreaterThan(0);
    }
    for (const block of [between, rest]) heap.release(block);
    arena.reset();
    expect(arena.allocate(200_000)).toBeGreaterThan(0);
    arena.release();
    expect(heap.used).toBe(0);
  });

  it('gives its memory back to the heap', () => {
    const heap = makeHeap();
    const arena = new Arena(heap, 64);
    arena.words(1000);
    arena.release();
    expect(heap.used).toBe(0);
  });
});
