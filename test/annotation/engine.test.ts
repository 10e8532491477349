/** The engine between a source, threads and a sink that are all in memory: what is written, when, and what a later run finds. */
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/annotation/chunk.js';
import { annotateSource } from '../../src/annotation/engine.js';
import type { Reached } from '../../src/annotation/frontier.js';
import { TaggerError } from '../../src/core/errors.js';
import { range, seed, seeded } from '../support/arrays.js';
import { type Deferred, dawdle, deferred, refuseUnhandledRejections, settled } from '../support/streams.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { Disk, Killed, perChunk, resultOf, runEngine, sourceOf } from './in-memory.js';

refuseUnhandledRejections();

const names = (numbers: readonly number[]) => numbers.map((i) => `d${i}`);
const first = (chunk: Chunk) => chunk[0].position.record;
const worker = () =>
  new TaggerError('E_WORKER', { message: 'a worker thread ended in the midst of its work' });

/** Work on chunks that ends when a test says so, by the first record of each. */
function byHand() {
  const begun = new Map<number, Deferred<void>>();
  return {
    begun,
    run: async (chunk: Chunk) => {
      const turn = deferred();
      begun.set(first(chunk), turn);
      await turn.promise;
      return resultOf(chunk);
    },
    async end(...chunks: number[]) {
      for (const chunk of chunks) {
        // The next chunk may have to be drawn first.
        while (!begun.has(chunk)) await settled();
        begun.get(chunk)?.resolve();
        await settled();
      }
    },
  };
}

describe('documents', () => {
  it('are written in the order of the input, whichever chunk is done first', async () => {
    const { run, end } = byHand();
    const disk = new Disk();
    const running = runEngine(sourceOf(12).source, disk.sink(), { run, threads: 2 });
    await end(8, 4);
    expect(disk.documents).toEqual([]);
    await end(0);
    await running;
    expect(disk.documents).toEqual(names(range(0, 11)));
    expect(disk.isFinished).toBe(true);
  });

  it('are written as they are done where their order does not matter', async () => {
    const { run, end } = byHand();
    const disk = new Disk();
    const running = runEngine(sourceOf(12).source, disk.sink(), { run, threads: 2, ordered: false });
    await end(8, 0, 4);
    await running;
    expect(disk.documents).toEqual(names([8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]));
  });

  it('are drawn no faster than they are done: two chunks a thread', async () => {
    const { run, begun, end } = byHand();
    const { source, seen } = sourceOf(1000);
    const running = runEngine(source, new Disk().sink(), { run, threads: 2 });
    await end(0);
    for (let i = 0; i < 10; i++) await settled();
    expect([...begun.keys()]).toEqual([0, 4, 8, 12, 16]);
    expect(seen.drawn).toBeLessThanOrEqual(5 * perChunk);
    await end(...range(1, 249).map((chunk) => chunk * perChunk));
    expect((await running).result.counts.documents).toBe(1000);
  });

  it('that are there do not wait for those that are yet to come', async () => {
    const gate = deferred();
    const written = deferred();
    const { source } = sourceOf(4, { before: (i) => (i === 2 ? gate.promise : Promise.resolve()) });
    const disk = new Disk();
    const sink = disk.sink({ write: ({ id }) => id === 'd1' && written.resolve() });
    const running = runEngine(source, sink);
    await written.promise;
    expect(disk.isFinished).toBe(false);
    gate.resolve();
    await running;
    expect(disk.documents).toEqual(names([0, 1, 2, 3]));
  });

  it('of a shard are every n-th, and all shards together are the whole', async () => {
    const shards = range(0, 2).map(async (index) => {
      const disk = new Disk();
      await runEngine(sourceOf(20).source, disk.sink(), { shard: { index, count: 3 } });
      return disk.documents;
    });
    const [a, b, c] = await Promise.all(shards);
    expect(a).toEqual(names([0, 3, 6, 9, 12, 15, 18]));
    expect([...a, ...b, ...c].sort()).toEqual(names(range(0, 19)).sort());
  });
});

describe('documents that fail', () => {
  it('leave the others as they are, and are told and counted', async () => {
    const disk = new Disk();
    const { source } = sourceOf(10, { isLost: (i) => i === 3 });
    const run = async (chunk: Chunk) => resultOf(chunk, (i) => i === 5);
    const { result, records } = await runEngine(source, disk.sink(), { run });
    expect(disk.documents).toEqual(names([0, 1, 2, 4, 6, 7, 8, 9]));
    expect(disk.errors.map((line) => JSON.parse(line))).toEqual([
      { id: 3, code: 'E_DOCUMENT', message: 'no. 3' },
      { id: 5, code: 'E_DOCUMENT', message: 'no. 5' },
    ]);
    expect(records.flatMap((each) => (each.kind === 'failed' ? [each.record.id] : []))).toEqual([3, 5]);
    expect(result).toMatchObject({ interrupted: false, counts: { documents: 8, failed: 2 } });
  });

  it('with their thread fail alone, and have a place in the output where it has one', async () => {
    const disk = new Disk();
    const sizes: number[] = [];
    const run = async (chunk: Chunk) => {
      sizes.push(chunk.length);
      if (chunk.some(({ position }) => position.record === 6)) throw worker();
      return resultOf(chunk);
    };
    const inline = ({ id, code }: { id: unknown; code: string }) => `${code} ${id}`;
    const { result } = await runEngine(sourceOf(12).source, disk.sink(), { run, inline });
    expect(disk.documents).toEqual([
      ...names([0, 1, 2, 3, 4, 5]),
      'E_WORKER x#7',
      ...names([7, 8, 9, 10, 11]),
    ]);
    expect(disk.errors.map((line) => JSON.parse(line))).toMatchObject([{ id: 'x#7', code: 'E_WORKER' }]);
    expect(result.counts).toMatchObject({ documents: 11, failed: 1 });
    // The chunk, its halves, and the two of that with the record at fault.
    expect(sizes.toSorted()).toEqual([1, 1, 2, 2, 4, 4, 4]);
  });

  it('at being written are told with the id that they came with', async () => {
    const disk = new Disk();
    const sink = disk.sink({
      write({ id }) {
        if (id === 'd2') throw new TaggerError('E_DOCUMENT', { message: 'another document has its file' });
      },
    });
    const { result } = await runEngine(sourceOf(5).source, sink);
    expect(disk.documents).toEqual(names([0, 1, 3, 4]));
    expect(JSON.parse(disk.errors[0])).toEqual({
      id: 2,
      code: 'E_DOCUMENT',
      message: 'another document has its file',
    });
    expect(result.counts).toMatchObject({ documents: 4, failed: 1 });
  });

  it('end the run where they are more than is allowed, and a later run goes on behind them', async () => {
    const disk = new Disk();
    const { source, seen } = sourceOf(400);
    const run = async (chunk: Chunk) => resultOf(chunk, (i) => i % 10 === 0);
    const options = { run, threads: 1, checkpoint: 1000 };
    const error = await taggerErrorOf(runEngine(source, disk.sink(), { ...options, maxErrors: 2 }));
    expect(error).toMatchObject({ code: 'E_DOCUMENT', problems: [{ expected: 'at most 2', found: '3' }] });
    expect(seen.drawn).toBeLessThan(50);
    expect(disk).toMatchObject({ isFinished: false, isAbandoned: true });
    expect(disk.errors.map((line) => JSON.parse(line).id)).toEqual([0, 10, 20]);
    const { result } = await runEngine(source, disk.sink(), { ...options, maxErrors: 40 });
    expect(result.counts).toMatchObject({ documents: 360, failed: 40 });
    expect(result.fresh.failed).toBe(37);
    expect(disk.documents).toEqual(names(range(0, 399).filter((i) => i % 10 !== 0)));
    expect(disk.errors.map((line) => JSON.parse(line).id)).toEqual(range(0, 39).map((i) => 10 * i));
  });

  it('as many as are allowed do not', async () => {
    const run = async (chunk: Chunk) => resultOf(chunk, (i) => i < 2);
    const { result } = await runEngine(sourceOf(8).source, new Disk().sink(), { run, maxErrors: 2 });
    expect(result.counts).toMatchObject({ documents: 6, failed: 2 });
  });
});

describe('a run that ends early', () => {
  it('by its signal writes what is in work, and a later one goes on from there', async () => {
    const { run, begun, end } = byHand();
    const disk = new Disk();
    const controller = new AbortController();
    const { source } = sourceOf(1000);
    const running = runEngine(source, disk.sink(), { run, signal: controller.signal, checkpoint: 1000 });
    await end(0);
    while (begun.size < 5) await settled();
    controller.abort();
    await end(4, 8, 12, 16);
    const { result } = await running;
    expect(result).toMatchObject({ interrupted: true });
    expect(disk.documents).toEqual(names(range(0, 19)));
    expect(disk).toMatchObject({ isFinished: false, isAbandoned: true });
    await runEngine(source, disk.sink());
    expect(disk.documents).toEqual(names(range(0, 999)));
  });

  it('by its signal does not wait for a source that does', async () => {
    const controller = new AbortController();
    const disk = new Disk();
    const before = (i: number) => (i === 2 ? new Promise<never>(() => {}) : Promise.resolve());
    const sink = disk.sink({ checkpoint: () => controller.abort() });
    const { result } = await runEngine(sourceOf(3, { before }).source, sink, { signal: controller.signal });
    expect(result.interrupted).toBe(true);
    expect(disk.documents).toEqual(names([0, 1]));
  });

  it.each([
    ['of the source', 'E_RESUME'],
    ['of the sink', 'E_WRITE'],
  ] as const)('by an error %s leaves the last checkpoint', async (what, code) => {
    const disk = new Disk();
    const failAt = (i: number) => {
      if (i === 9) throw new TaggerError(code, { message: 'no further' });
    };
    const before = async (i: number) => (what === 'of the source' ? failAt(i) : undefined);
    const write = ({ id }: { id: string }) =>
      what === 'of the sink' ? failAt(Number(id.slice(1))) : undefined;
    const error = await taggerErrorOf(runEngine(sourceOf(20, { before }).source, disk.sink({ write })));
    expect(error.code).toBe(code);
    expect(disk).toMatchObject({ isFinished: false, isAbandoned: true });
    await runEngine(sourceOf(20).source, disk.sink());
    expect(disk.documents).toEqual(names(range(0, 19)));
  });

  it('by a reader that leaves is abandoned', async () => {
    const disk = new Disk();
    const workforce = { threads: 1, run: async (chunk: Chunk) => resultOf(chunk), close: async () => {} };
    const engine = annotateSource(sourceOf(20).source, disk.sink(), { workforce, ordered: true });
    await engine.next();
    await engine.return({} as never);
    expect(disk).toMatchObject({ isFinished: false, isAbandoned: true });
  });
});

describe(`runs that are killed at any checkpoint, seed ${seed}`, () => {
  it.each([true, false])('lose no document and repeat none; ordered: %s', async (ordered) => {
    for (let round = 0; round < 60; round++) {
      const random = seeded(round, Number(ordered));
      const total = random.below(80);
      const count = 1 + random.below(3);
      const shard = { index: random.below(count), count };
      const bad = new Set(range(0, total).filter(() => random.below(6) === 0));
      const lost = new Set(range(0, total).filter(() => random.below(9) === 0));
      const deadly = new Set(range(0, total).filter(() => random.below(20) === 0));
      const { source } = sourceOf(total, {
        isLost: (i) => lost.has(i),
        before: () => dawdle(random),
      });
      const run = async (chunk: Chunk) => {
        await dawdle(random, 60);
        if (chunk.some(({ position: { record } }) => deadly.has(record))) throw worker();
        return resultOf(chunk, (i) => bad.has(i));
      };
      const disk = new Disk();
      const threads = 1 + random.below(3);
      let runs = 0;
      for (; !disk.isFinished; runs++) {
        let left = random.below(6);
        const checkpoint = ({ position }: { position: unknown }) => {
          const { after, later } = position as Reached;
          if (ordered) expect(later).toEqual([]);
          else expect(later.every(([first]) => first > (after?.record ?? -1))).toBe(true);
          if (left-- === 0) throw new Killed();
        };
        const sink = disk.sink({ checkpoint });
        await runEngine(source, sink, { run, threads, ordered, shard }).catch((error) => {
          if (!(error instanceof Killed)) throw error;
        });
      }
      const all = range(0, total - 1).filter((i) => i % shard.count === shard.index);
      const good = names(all.filter((i) => !bad.has(i) && !lost.has(i) && !deadly.has(i)));
      const failed = all.filter((i) => bad.has(i) || lost.has(i) || deadly.has(i));
      const failures = disk.errors.map((line) => {
        const { id } = JSON.parse(line);
        return typeof id === 'number' ? id : Number(id.slice(2)) - 1;
      });
      const what = `round ${round}, ${runs} runs`;
      expect(ordered ? disk.documents : disk.documents.toSorted(), what).toEqual(
        ordered ? good : good.toSorted(),
      );
      expect(ordered ? failures : failures.toSorted((a, b) => a - b), what).toEqual(failed);
      const counts = JSON.parse(disk.saved?.progress ?? '').counts;
      expect(counts, what).toMatchObject({ documents: good.length, failed: failed.length });
    }
  });
});

describe('progress', () => {
  it('counts what this run has done apart from what all have', async () => {
    const disk = new Disk();
    const killed = disk.sink({ checkpoint: ({ counts }) => counts.documents === 8 && fail() });
    const fail = () => {
      throw new Killed();
    };
    await expect(runEngine(sourceOf(20).source, killed, { threads: 1 })).rejects.toThrow('killed');
    const { result, records } = await runEngine(sourceOf(20).source, disk.sink(), { threads: 1 });
    expect(result.counts).toMatchObject({ documents: 20, tokens: 20 });
    expect(result.fresh).toMatchObject({ documents: 12, tokens: 12 });
    const shown = records.flatMap((each) => (each.kind === 'progress' ? [each.fresh.documents] : []));
    expect(shown).toEqual([4, 8, 12]);
  });

  it('knows its share of an input whose size is known, that of a shard too', async () => {
    for (const shard of [undefined, { index: 1, count: 2 }]) {
      const source = { ...sourceOf(16).source, bytes: 16 * 20_000 };
      const { records } = await runEngine(source, new Disk().sink(), { threads: 1, shard });
      const shares = records.flatMap((each) => (each.kind === 'progress' ? [each.share] : []));
      expect(shares).toEqual(shard ? [0.5, 1] : [0.25, 0.5, 0.75, 1]);
    }
    const { records } = await runEngine(sourceOf(4).source, new Disk().sink());
    expect(records).toMatchObject([{ kind: 'progress', share: undefined }]);
  });
});
