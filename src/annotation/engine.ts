/** Records through threads into a sink: as many at once as there are threads for, and every document either written or told of. */
import { batched } from '../core/batched.js';
import { errorData, TaggerError } from '../core/errors.js';
import { inFlight } from '../core/in-flight.js';
import { inHalvesAsync } from '../core/in-halves.js';
import { untilAborted } from '../core/until-aborted.js';
import {
  addCounts,
  type Chunk,
  type ChunkResult,
  type Counts,
  type FailedDocument,
  noCounts,
} from './chunk.js';
import { type ErrorRecord, errorRecord } from './failed.js';
import { Frontier, nothingReached, type Reached } from './frontier.js';
import type { Shard } from './shard.js';
import type { Progress, Sink } from './sink.js';
import { type LostRecord, numbered, type RawRecord, type Source } from './source.js';

/** Who works on chunks. */
export interface Workforce {
  readonly threads: number;
  run(chunk: Chunk): Promise<ChunkResult>;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly workforce: Workforce;
  /** Whether documents are written in the order of the input, or as they are done. */
  readonly ordered: boolean;
  readonly shard?: Shard;
  /** What stands in the output for a document that failed, where anything does. */
  readonly inline?: (record: ErrorRecord) => string;
  /** The run ends when more documents have failed. */
  readonly maxErrors?: number;
  /** Ends the run in order: what is being worked on is still written. */
  readonly signal?: AbortSignal;
  /** Seconds between two checkpoints, at least; 0 for one after every chunk. */
  readonly checkpoint?: number;
}

export type EngineRecord =
  | {
      readonly kind: 'progress';
      readonly counts: Counts;
      readonly fresh: Counts;
      /** Of the input, where that is known. */
      readonly share?: number;
    }
  | { readonly kind: 'failed'; readonly record: ErrorRecord };

export interface EngineResult {
  /** Of all runs that have worked on this output. */
  readonly counts: Counts;
  /** Of this run alone. */
  readonly fresh: Counts;
  readonly interrupted: boolean;
}

/** Bytes of a chunk: some thousand tokens, a tenth of a second of work. */
export const CHUNK_BYTES = 65_536;
/** Records of a chunk; short ones too have their price. */
const CHUNK_RECORDS = 512;
/** Chunks in flight for each thread: one at work and one that waits. */
const CHUNKS_PER_THREAD = 2;
const CHECKPOINT = 2;

/**
 * Annotates all records, or those that an earlier run on the same sink has left. The sink is finished, or abandoned where
 * the run ends early. Throws E_DOCUMENT where more than `maxErrors` documents have failed, and what source and sink throw.
 */
export async function* annotateSource(
  source: Source,
  sink: Sink,
  options: EngineOptions,
): AsyncGenerator<EngineRecord, EngineResult> {
  const { workforce, ordered, shard, inline, signal } = options;
  const { maxErrors = Number.POSITIVE_INFINITY, checkpoint = CHECKPOINT } = options;
  const from = (sink.from?.position ?? nothingReached) as Reached;
  const frontier = new Frontier(from);
  let counts = (sink.from?.counts ?? noCounts) as Counts;
  let fresh = noCounts;
  let checkpointed = Date.now();
  const progress = (): Progress => ({ position: frontier.reached, counts: { ...counts } });
  const isWanted = ({ position }: RawRecord | LostRecord) =>
    !frontier.isDone(position) && (!shard || position.record % shard.count === shard.index);

  const work = async (chunk: Chunk) => {
    const done = frontier.begin(chunk);
    // A record that a thread dies over fails alone.
    const results = await inHalvesAsync(
      chunk,
      async (some) => [await workforce.run(some)],
      (record, error) => died(record, error, inline),
    );
    return { results, done, bytes: chunk.reduce((sum, record) => sum + weightOf(record), 0) };
  };
  const size = { count: CHUNK_RECORDS, weight: CHUNK_BYTES, weightOf };
  const records = untilAborted(source.records(from.after), signal);
  const chunks = batched(only(records, isWanted), size);
  const limit = CHUNKS_PER_THREAD * workforce.threads;

  let isFinished = false;
  try {
    for await (const { results, done, bytes } of inFlight(chunks, work, { limit, ordered })) {
      for (const result of results) {
        const failed = [...result.failed, ...(await write(result, sink))];
        const records = failed.map(errorRecord);
        for (const record of records) {
          await sink.writeError(JSON.stringify(record));
          yield { kind: 'failed', record };
        }
        const lost = failed.length - result.failed.length;
        const more = { ...result.counts, documents: result.counts.documents - lost, failed: failed.length };
        counts = addCounts(counts, more);
        fresh = addCounts(fresh, more);
      }
      counts = addCounts(counts, { ...noCounts, bytes });
      fresh = addCounts(fresh, { ...noCounts, bytes });
      done();
      if (counts.failed > maxErrors) {
        // What has failed is not lost with the run.
        await sink.checkpoint(progress());
        throw tooMany(maxErrors, counts.failed, sink.isResumable);
      }
      if (sink.isResumable && Date.now() - checkpointed >= 1000 * checkpoint) {
        await sink.checkpoint(progress());
        checkpointed = Date.now();
      }
      yield { kind: 'progress', counts, fresh, share: shareOf(source, counts, shard) };
    }
    if (signal?.aborted) await sink.checkpoint(progress());
    else await sink.finish(progress());
    isFinished = !signal?.aborted;
    return { counts, fresh, interrupted: !isFinished };
  } finally {
    if (!isFinished) await sink.abandon();
  }
}

/** The documents of a chunk; those that fail at that. */
async function write({ written }: ChunkResult, sink: Sink): Promise<FailedDocument[]> {
  const failed: FailedDocument[] = [];
  for (const document of written) {
    await sink.write(document).catch((error: unknown) => {
      if (!(error instanceof TaggerError && error.code === 'E_DOCUMENT')) throw error;
      failed.push({ id: document.given, error: errorData(error) });
    });
  }
  return failed;
}

function died(record: RawRecord | LostRecord, thrown: unknown, inline: EngineOptions['inline']): ChunkResult {
  const failed = { id: numbered(record.position), error: errorData(thrown) };
  const content = inline?.(errorRecord(failed));
  return {
    written: content === undefined ? [] : [{ id: '', given: failed.id, content }],
    failed: [failed],
    counts: { ...noCounts, failed: 1 },
  };
}

async function* only<T>(items: AsyncIterable<T>, isWanted: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (isWanted(item)) yield item;
}

const weightOf = (record: RawRecord | LostRecord): number =>
  record.kind === 'record' ? record.bytes.length : 0;

/** How much of the input is done; unknown where its size is, and with compressed files, whose size is another. */
function shareOf({ bytes }: Source, counts: Counts, shard: Shard | undefined): number | undefined {
  if (bytes === undefined || bytes === 0) return undefined;
  const share = (counts.bytes * (shard?.count ?? 1)) / bytes;
  return share <= 1 ? share : undefined;
}

function tooMany(most: number, failed: number, isResumable: boolean): TaggerError {
  return new TaggerError('E_DOCUMENT', {
    message: 'too many documents failed, and the run was ended',
    expected: `at most ${most}`,
    found: String(failed),
    hint: isResumable
      ? 'what is done is kept: --resume with a higher --max-errors goes on, --force begins anew'
      : 'a higher --max-errors',
  });
}
