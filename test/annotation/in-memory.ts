/** A source, a sink and those who work, all in memory, so that a test says what happens when. */
import type { Chunk, ChunkResult } from '../../src/annotation/chunk.js';
import { noCounts } from '../../src/annotation/chunk.js';
import {
  annotateSource,
  type EngineOptions,
  type EngineRecord,
  type EngineResult,
} from '../../src/annotation/engine.js';
import type { Progress, Sink, WrittenDocument } from '../../src/annotation/sink.js';
import type { LostRecord, Position, RawRecord, Source } from '../../src/annotation/source.js';
import { TaggerError } from '../../src/core/errors.js';

export const position = (record: number): Position => ({
  input: 0,
  name: 'x',
  offset: 10 * record,
  line: record,
  number: record,
  record,
});

/** So heavy that four of them are a chunk. */
const heavy = new Uint8Array(20_000);
export const perChunk = 4;

export const recordOf = (i: number, bytes = heavy): RawRecord => ({
  kind: 'record',
  position: position(i),
  bytes,
});
export const lostRecord = (i: number): LostRecord => ({
  kind: 'lost',
  position: position(i),
  error: { code: 'E_DOCUMENT', problems: [{ message: 'lost' }] },
});

/** `total` records, those of which `isLost` lost. `before` is awaited before each; `drawn` tells how many were. */
export function sourceOf(
  total: number,
  {
    isLost = (_: number): boolean => false,
    before = async (_: number): Promise<void> => {},
    bytes = heavy,
  } = {},
) {
  const seen = { drawn: 0 };
  const source: Source = {
    async *records(from) {
      for (let i = from?.record ?? 0; i < total; i++) {
        await before(i);
        seen.drawn++;
        yield isLost(i) ? lostRecord(i) : recordOf(i, bytes);
      }
    },
  };
  return { source, seen };
}

/** Documents `d0`, `d1` …; those of which `fails` is true fail. */
export function resultOf(chunk: Chunk, fails = (_: number): boolean => false): ChunkResult {
  const isBad = (one: RawRecord | LostRecord) => one.kind === 'lost' || fails(one.position.record);
  const good = chunk.filter((one) => !isBad(one)).map(({ position }) => position.record);
  const bad = chunk.filter(isBad).map(({ position }) => position.record);
  return {
    written: good.map((i) => ({ id: `d${i}`, given: i, content: `d${i}` })),
    failed: bad.map((i) => ({ id: i, error: { code: 'E_DOCUMENT', problems: [{ message: `no. ${i}` }] } })),
    counts: { ...noCounts, documents: good.length, tokens: good.length, failed: bad.length },
  };
}

/** What is on a disk: all that was written, and how much of it the last checkpoint tells of. */
export class Disk {
  documents: string[] = [];
  errors: string[] = [];
  saved: { readonly documents: number; readonly errors: number; readonly progress: string } | undefined;
  isFinished = false;
  isAbandoned = false;

  /** A sink that begins, or goes on from the last checkpoint. */
  sink(hooks: { write?(document: WrittenDocument): void; checkpoint?(progress: Progress): void } = {}): Sink {
    this.documents = this.documents.slice(0, this.saved?.documents ?? 0);
    this.errors = this.errors.slice(0, this.saved?.errors ?? 0);
    this.isAbandoned = false;
    const save = (progress: Progress) => {
      const [documents, errors] = [this.documents.length, this.errors.length];
      this.saved = { documents, errors, progress: JSON.stringify(progress) };
    };
    return {
      from: this.saved && JSON.parse(this.saved.progress),
      isResumable: true,
      isFolder: false,
      write: async (document) => {
        hooks.write?.(document);
        this.documents.push(document.content as string);
      },
      writeError: async (line) => {
        this.errors.push(line);
      },
      checkpoint: async (progress) => {
        save(progress);
        hooks.checkpoint?.(progress);
      },
      finish: async (progress) => {
        save(progress);
        this.isFinished = true;
      },
      abandon: async () => {
        this.isAbandoned = true;
      },
    };
  }
}

type Run = (chunk: Chunk) => Promise<ChunkResult>;

/** Runs the engine to its end; every chunk a checkpoint, unless said otherwise. */
export async function runEngine(
  source: Source,
  sink: Sink,
  {
    run = async (chunk: Chunk) => resultOf(chunk),
    threads = 2,
    ...options
  }: Partial<EngineOptions> & { run?: Run; threads?: number } = {},
): Promise<{ result: EngineResult; records: EngineRecord[] }> {
  const workforce = { threads, run, close: async () => {} };
  const engine = annotateSource(source, sink, { ordered: true, checkpoint: 0, workforce, ...options });
  const records: EngineRecord[] = [];
  for (;;) {
    const next = await engine.next();
    if (next.done) return { result: next.value, records };
    records.push(next.value);
  }
}

/** What a process is killed by. */
export class Killed extends TaggerError {
  constructor() {
    super('E_INTERNAL', { message: 'killed' });
  }
}
