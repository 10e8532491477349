import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import { Heap } from '../../src/core/heap.js';
import { seed, seeded } from '../support/arrays.js';

const PAGE = 65_536;
/** What `matmul` reads and writes back behind its result. */
const BEHIND = 28;
const GIB = 2 ** 30;

function makeHeap(initial = 4, maximum = 65_536): Heap {
  return new Heap(new WebAssembly.Memory({ initial, maximum, shared: true }));
}

function codeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    if (error instanceof TaggerError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('the heap', () => {
  it('gives aligned addresses, of nothing too', () => {
    const heap = makeHeap();
    const addresses = [1, 0, 63, 64, 65, 4].map((bytes) => heap.allocate(bytes));
    expect(addresses.map((address) => address % 64)).toEqual(addresses.map(() => 0));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('takes released blocks again, merged with free neighbours on both sides', () => {
    const heap = makeHeap();
    const [a, b, c, last] = [100, 200, 300, 64].map((bytes) => heap.allocate(bytes));
    for (const block of [a, c, b]) heap.release(block);
    expect(heap.allocate(600)).toBe(a);
    heap.release(a);
    heap.release(last);
    expect(heap.used).toBe(0);
  });

  it('cuts a large free block into pieces', () => {
    const heap = makeHeap();
    const large = heap.allocate(1024);
    heap.allocate(64);
    heap.release(large);
    expect(heap.allocate(64)).toBe(large);
    const rest = heap.allocate(512);
    expect(rest).toBeGreaterThan(large);
    expect(rest + 512).toBeLessThanOrEqual(large + 1024);
  });

  it('refuses to release what it did not allocate, and the same block twice', () => {
    const heap = makeHeap();
    const block = heap.allocate(128);
    expect(codeOf(() => heap.release(block + 64))).toBe('E_INTERNAL');
    heap.release(block);
    expect(codeOf(() => heap.release(block))).toBe('E_INTERNAL');
  });

  it('grows the memory, keeps what is in it and renews the views', () => {
    const heap = makeHeap(4);
    const first = heap.allocate(4);
    heap.f32[first / 4] = 1.5;
    const old = heap.f32;
    const large = heap.allocate(20 * PAGE);
    expect(heap.f32).not.toBe(old);
    expect(heap.f32[first / 4]).toBe(1.5);
    heap.u8[large + 20 * PAGE - 1] = 7;
    expect(heap.u8.length).toBe(heap.memory.buffer.byteLength);
    for (const view of [heap.f64, heap.i32, heap.u16]) expect(view.byteLength).toBe(heap.u8.length);
  });

  it('sees a memory that another heap has grown', () => {
    const heap = makeHeap(4);
    heap.memory.grow(10);
    const block = heap.allocate(8 * PAGE);
    heap.u8[block + 8 * PAGE - 1] = 7;
    expect(heap.u8[block + 8 * PAGE - 1]).toBe(7);
  });

  it('has views of a memory that another thread has grown as soon as they are refreshed', () => {
    const heap = makeHeap(4);
    const old = heap.u8;
    heap.refresh();
    expect(heap.u8, 'nothing to refresh').toBe(old);
    heap.memory.grow(10);
    heap.refresh();
    expect(heap.u8.length).toBe(14 * PAGE);
    for (const view of [heap.f32, heap.f64, heap.i32, heap.u16]) expect(view.byteLength).toBe(14 * PAGE);
  });

  it('uses the memory up to the limit, then says so and stays usable', () => {
    const heap = makeHeap(4, 8);
    expect(codeOf(() => heap.allocate(7 * PAGE))).toBe('E_MEMORY');
    const block = heap.allocate(5 * PAGE);
    expect(codeOf(() => heap.allocate(PAGE))).toBe('E_MEMORY');
    heap.release(block);
    expect(heap.used).toBe(0);
    expect(heap.allocate(64)).toBe(block);
  });

  it('allocateZeros clears what was there before', () => {
    const heap = makeHeap();
    const block = heap.allocate(256);
    heap.u8.fill(255, block, block + 256);
    heap.release(block);
    expect(heap.allocateZeros(256)).toBe(block);
    expect(heap.u8.subarray(block, block + 256).every((byte) => byte === 0)).toBe(true);
  });

  it('clears memory above 2 GiB', () => {
    const heap = makeHeap();
    heap.allocate(2.25 * GIB);
    const block = heap.allocate(64);
    heap.u8[block] = 255;
    heap.release(block);
    expect(heap.allocateZeros(64)).toBe(block);
    expect(heap.u8[block]).toBe(0);
  });

  it(`never gives the same byte twice, nor what is right behind a block (seed ${seed})`, () => {
    const heap = makeHeap();
    const random = seeded();
    const live: { start: number; bytes: number }[] = [];
    let mark = 0;
    for (let step = 0; step < 3000; step++) {
      if (live.length > 40 || (live.length > 0 && random.uniform() < 0.45)) {
        const [block] = live.splice(random.below(live.length), 1);
        const bytes = heap.u8.subarray(block.start, block.start + block.bytes);
        expect(new Set(bytes).size, `step ${step}: a block was overwritten`).toBe(1);
        heap.release(block.start);
      } else {
        const bytes = 1 + random.below(random.uniform() < 0.05 ? 100_000 : 600);
        const start = heap.allocate(bytes);
        heap.u8.fill(mark++ % 256, start, start + bytes);
        live.push({ start, bytes });
        live.sort((a, b) => a.start - b.start);
        for (let i = 1; i < live.length; i++) {
          const end = live[i - 1].start + live[i - 1].bytes + BEHIND;
          if (end > live[i].start)
            expect.fail(`step ${step}: a block begins at ${live[i].start}, before ${end}`);
        }
      }
      expect(heap.used).toBeGreaterThanOrEqual(live.reduce((sum, { bytes }) => sum + bytes + BEHIND, 0));
    }
    for (const { start } of live) heap.release(start);
    expect(heap.used).toBe(0);
  });
});
