/** What goes to a worker and comes back: some records of the input, and what their documents have become. */
import type { ErrorData } from '../core/errors.js';
import type { OutputName, OutputOptions } from '../export/index.js';
import type { WantedScores } from '../tagger/annotation.js';
import type { Tally } from '../tagger/monitor/tally.js';
import type { WrittenDocument } from './sink.js';
import type { LostRecord, RawRecord } from './source.js';
import type { SourceOptions } from './sources/index.js';

/** What is the same for all chunks of a run, as plain data. */
export interface ChunkSettings {
  readonly reading: SourceOptions;
  readonly to: OutputName;
  readonly writing: OutputOptions;
  readonly wanted: WantedScores;
  /** Whether an error takes the place of its document in the output, where the format can show it. */
  readonly errorsInline: boolean;
  /** Whether each document is a file of its own. */
  readonly isFolder: boolean;
  /** Whether the thread that has the tagger is to be told what is seen. */
  readonly isWatched: boolean;
}

export type Chunk = readonly (RawRecord | LostRecord)[];

/** A document that failed. */
export interface FailedDocument {
  /** Its own id where that could be read, as it was given; else the input and its number there. */
  readonly id: unknown;
  readonly error: ErrorData;
}

export interface Written extends WrittenDocument {
  /** Its id as the record has it, a number for one. */
  readonly given: unknown;
}

export interface ChunkResult {
  /** What is to be written; one piece for all documents where they go to one file. */
  readonly written: readonly Written[];
  readonly failed: readonly FailedDocument[];
  readonly counts: Counts;
  /** What was seen, where that is wanted. */
  readonly tally?: Tally;
}

/** How much was done. */
export interface Counts {
  readonly documents: number;
  readonly tokens: number;
  readonly entities: number;
  readonly failed: number;
  /** Sentences that were too long to be tagged at once. */
  readonly long: number;
  /** Of the input, as far as they belong to records. */
  readonly bytes: number;
}

export const noCounts: Counts = { documents: 0, tokens: 0, entities: 0, failed: 0, long: 0, bytes: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  const names = Object.keys(noCounts) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as Counts;
}
