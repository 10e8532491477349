/** Files, folders and streams of documents, annotated in threads and written in any format: what `tagger annotate` does. */
import type { Writable } from 'node:stream';
import { TaggerError } from '../core/errors.js';
import { type OutputName, type OutputOptions, outputOf, outputs } from '../export/index.js';
import { workersOf } from '../tagger/annotate-many.js';
import type { WantedScores } from '../tagger/annotation.js';
import type { Tagger } from '../tagger/index.js';
import { ownScheme } from '../text/schemes.js';
import type { Chunk, ChunkResult, ChunkSettings } from './chunk.js';
import { chunkWork } from './chunk-work.js';
import {
  annotateSource,
  CHUNK_BYTES,
  type EngineRecord,
  type EngineResult,
  type Workforce,
} from './engine.js';
import type { Shard } from './shard.js';
import type { SinkSettings } from './sink.js';
import { openSink } from './sinks/index.js';
import type { Source } from './source.js';
import { openSource, type SourceOptions, sourceFlags } from './sources/index.js';

export type { Counts } from './chunk.js';
export type { EngineRecord as AnnotationRecord, EngineResult as AnnotationResult } from './engine.js';
export type { ErrorRecord } from './failed.js';

export interface AnnotateFilesOptions extends WantedScores {
  /** How the inputs are read. */
  readonly source?: SourceOptions;
  /** The format of the output; as the ending of `output` says, else `jsonl`. */
  readonly to?: OutputName;
  /** A file, a folder, or `-` for stdout, which is the default. */
  readonly output?: string;
  /** What the format of the output leaves open. */
  readonly writing?: Pick<OutputOptions, 'unit' | 'tags'>;
  /** A file for the documents that fail, a line each; without it, JSON lines have them in place of the documents. */
  readonly errors?: string;
  readonly maxErrors?: number;
  /** Seconds between two checkpoints, at least; 0 for one after every chunk. */
  readonly checkpoint?: number;
  /** Threads; one a core by default. */
  readonly workers?: number;
  readonly ordered?: boolean;
  readonly shard?: Shard;
  readonly resume?: boolean;
  readonly force?: boolean;
  /** Ends the run in order: what is being worked on is still written, and `resume` goes on from there. */
  readonly signal?: AbortSignal;
  /** What `-` stands for. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly stdout: Writable;
}

/**
 * Annotates the documents of all inputs. Throws E_USAGE, E_FILE_MISSING, E_RESUME or E_WRITE before any work is done;
 * E_WRITE, E_DOCUMENT (more than `maxErrors`) or E_RESUME later. A document that fails is a record, and no error.
 */
export async function* annotateFiles(
  tagger: Tagger,
  inputs: readonly string[],
  options: AnnotateFilesOptions,
): AsyncGenerator<EngineRecord, EngineResult> {
  const {
    source: reading = {},
    output,
    errors,
    resume,
    force,
    signal,
    stdin,
    stdout,
    ordered = true,
  } = options;
  const { maxErrors, shard, checkpoint } = options;
  const wanted = wantedOf(tagger, options);
  const to = options.to ?? outputOf(output ?? '') ?? 'jsonl';
  const writing: OutputOptions = {
    ...options.writing,
    label: tagger.label,
    scheme: ownScheme(tagger.scheme),
    labels: tagger.labels,
    predicted: true,
  };
  const format = outputs[to].open(writing);
  const layout = 'files' in format ? undefined : format;
  const threads = workersOf(options.workers);
  const written = [output, errors].filter((path) => path !== undefined && path !== '-') as string[];
  const source = await openSource(inputs, reading, { stdin, written });
  const settings = settingsOf(tagger, inputs, { ...options, to });
  const sink = await openSink(output, { layout, errors, settings, resume, force, stdout });
  const data: ChunkSettings = {
    reading: { ...reading, tokenFields: [...tagger.columns] },
    to,
    writing,
    wanted,
    errorsInline: errors === undefined,
    isFolder: sink.isFolder,
    // In this thread the tagger tells its watchers itself.
    isWatched: false,
  };
  const inline = errors === undefined && !sink.isFolder ? layout?.writeError : undefined;
  const workforce = await workforceOf(tagger, data, threads, sizeOf(inputs, source)).catch(async (error) => {
    await sink.abandon();
    throw error;
  });
  try {
    const limits = { maxErrors, checkpoint, signal };
    return yield* annotateSource(source, sink, { workforce, ordered, shard, inline, ...limits });
  } finally {
    await workforce.close();
  }
}

/** All that the bytes of the output depend on, by the names that a refusal to go on with something else tells. */
function settingsOf(
  tagger: Tagger,
  inputs: readonly string[],
  { source: reading = {}, to, writing, scores, minScore, nbest, shard, errors }: AnnotateFilesOptions,
): SinkSettings {
  const read = Object.entries(sourceFlags).map(([name, flag]) => [
    flag,
    reading[name as keyof SourceOptions],
  ]);
  return {
    model: tagger.fingerprint,
    inputs,
    ...Object.fromEntries(read),
    '--to': to,
    '--offsets': writing?.unit,
    '--tags': writing?.tags,
    '--scores': scores,
    '--min-score': minScore,
    '--nbest': nbest,
    '--shard': shard && `${shard.index + 1}/${shard.count}`,
    '--errors': errors,
  };
}

/** Threads, and no more than there is work for: for one chunk this thread does, which needs no time to start. */
async function workforceOf(
  tagger: Tagger,
  data: ChunkSettings,
  workers: number,
  bytes: number,
): Promise<Workforce> {
  if (bytes <= CHUNK_BYTES) return { threads: 1, run: chunkWork(() => tagger, data), close: async () => {} };
  const threads = Math.min(workers, Math.ceil(bytes / CHUNK_BYTES));
  const worker = new URL('./chunk-worker.js', import.meta.url);
  const { watchers } = tagger;
  const pool = await tagger.openPool<Chunk, ChunkResult>({
    threads,
    worker,
    data: { ...data, isWatched: !watchers.isEmpty } satisfies ChunkSettings,
  });
  return {
    threads,
    async run(chunk) {
      const result = await pool.run(chunk);
      if (result.tally) watchers.tell(result.tally);
      return result;
    },
    close: () => pool.close(),
  };
}

/** Bytes to be read; of streams and compressed files nobody knows. */
function sizeOf(inputs: readonly string[], { bytes }: Source): number {
  const isKnown = !inputs.some((name) => name.toLowerCase().endsWith('.gz'));
  return isKnown && bytes !== undefined ? bytes : Number.POSITIVE_INFINITY;
}

function wantedOf(tagger: Tagger, { scores, nbest, minScore }: WantedScores): WantedScores {
  if (minScore !== undefined && tagger.scheme === 'none') {
    throw new TaggerError('E_USAGE', {
      message: 'the model gives labels of single tokens, so there are no entities to drop',
      place: { key: '--min-score' },
      hint: '--scores',
    });
  }
  return { scores, nbest, minScore };
}
