/** Memory asked for by real threads, which wait until its owner answers. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { type MemoryRequest, reply } from '../../src/core/borrowed-memory.js';
import { TaggerError } from '../../src/core/errors.js';
import { Heap } from '../../src/core/heap.js';
import { seed } from '../support/arrays.js';

const GIB = 2 ** 30;
const built = (file: string) => pathToFileURL(resolve('dist/core', file));

const script = (body: string) => `
  import assert from 'node:assert';
  import { parentPort, workerData } from 'node:worker_threads';
  import { BorrowedMemory } from '${built('borrowed-memory.js')}';
  import { Random } from '${built('random.js')}';
  const { memory, replies, index, seed } = workerData;
  const heap = new BorrowedMemory(memory, replies, index, (request) => parentPort.postMessage(request));
  const codeOf = (action) => { try { action(); return 'none'; } catch (error) { return error.code; } };
  ${body}`;

const moduleOf = (body: string) => new URL(`data:text/javascript,${encodeURIComponent(script(body))}`);

const threads: Worker[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.terminate())));

const heapOf = (initial: number, maximum = 65_536) =>
  new Heap(new WebAssembly.Memory({ initial, maximum, shared: true }));

interface Lent {
  /** Blocks that the threads have now. */
  readonly blocks: Set<number>;
  readonly said: unknown[];
}

/** Threads that run the body, and what they are given; `allocate` is the owner's, undefined where it refuses. */
async function lend(
  heap: Heap,
  count: number,
  body: string,
  allocate: (bytes: number) => number | undefined = (bytes) => heap.allocate(bytes),
): Promise<Lent> {
  const replies = new SharedArrayBuffer(count * 4);
  const lent: Lent = { blocks: new Set(), said: [] };
  const ended = Array.from({ length: count }, async (_, index) => {
    const worker = new Worker(moduleOf(body), { workerData: { memory: heap.memory, replies, index, seed } });
    threads.push(worker);
    worker.on('message', (request: MemoryRequest | { kind: 'said'; value: unknown }) => {
      if (request.kind === 'said') lent.said.push(request.value);
      else if (request.kind === 'release') {
        expect(lent.blocks.delete(request.start)).toBe(true);
        heap.release(request.start);
      } else {
        const start = allocate(request.bytes);
        if (start !== undefined) lent.blocks.add(start);
        reply(replies, index, start);
      }
    });
    // Rejects with what the thread throws.
    await once(worker, 'exit');
  });
  await Promise.all(ended);
  return lent;
}

const say = (value: string) => `parentPort.postMessage({ kind: 'said', value: ${value} });`;

describe(`borrowed memory, seed ${seed}`, () => {
  it('holds what each of several threads writes, as it grows, and is given back', async () => {
    const heap = heapOf(3);
    const body = `
      const random = new Random(seed, index);
      const blocks = [];
      for (let i = 0; i < 200; i++) {
        if (blocks.length > 0 && random.below(3) === 0) {
          const { start, bytes, mark } = blocks.splice(random.below(blocks.length), 1)[0];
          assert(heap.u8.subarray(start, start + bytes).every((byte) => byte === mark));
          heap.release(start);
        } else {
          const bytes = random.below(30_000);
          const start = heap.allocate(bytes);
          const mark = random.below(256);
          assert.equal(start % 64, 0);
          assert(heap.u8.length >= start + bytes, 'the views reach as far as the memory');
          heap.u8.fill(mark, start, start + bytes);
          blocks.push({ start, bytes, mark });
        }
      }
      for (const { start, bytes, mark } of blocks) {
        assert(heap.u8.subarray(start, start + bytes).every((byte) => byte === mark));
        heap.release(start);
      }`;
    const { blocks } = await lend(heap, 3, body);
    expect(blocks.size).toBe(0);
    expect(heap.used).toBe(0);
  });

  it('has addresses above 2 GiB', async () => {
    const heap = heapOf(3);
    const below = heap.allocate(2.25 * GIB);
    const { said } = await lend(
      heap,
      1,
      `const start = heap.allocate(64); heap.u8[start] = 7; ${say('start')}`,
    );
    expect(said).toEqual([expect.any(Number)]);
    expect(said[0]).toBeGreaterThan(2 * GIB);
    expect(heap.u8[said[0] as number]).toBe(7);
    heap.release(below);
  });

  it('is refused with E_MEMORY where its owner has none, now and not for ever', async () => {
    const heap = heapOf(4, 4);
    const body = `
      ${say('[codeOf(() => heap.allocate(200_000)), codeOf(() => heap.allocate(64))]')}`;
    const allocate = (bytes: number) => {
      try {
        return heap.allocate(bytes);
      } catch (error) {
        if (error instanceof TaggerError) return undefined;
        throw error;
      }
    };
    const { said } = await lend(heap, 1, body, allocate);
    expect(said).toEqual([['E_MEMORY', 'none']]);
  });

  it('does not hold a thread that is ended while it waits', async () => {
    const { memory } = heapOf(4);
    const workerData = { memory, replies: new SharedArrayBuffer(4), index: 0, seed };
    const worker = new Worker(moduleOf(`heap.allocate(64); ${say("'it went on'")}`), { workerData });
    const [request] = await once(worker, 'message');
    expect(request).toEqual({ kind: 'allocate', bytes: 64 });
    // Its owner never answers.
    expect(await worker.terminate()).toBe(1);
  });
});
