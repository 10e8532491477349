/** Many documents of a caller, annotated by threads, as a stream. */
import { availableParallelism } from 'node:os';
import { batched } from '../core/batched.js';
import { type ErrorData, errorData, errorOf, TaggerError } from '../core/errors.js';
import { inFlight } from '../core/in-flight.js';
import { inHalvesAsync } from '../core/in-halves.js';
import type { Document } from '../text/document.js';
import type { Annotation, WantedScores } from './annotation.js';
import type { AnnotateInput, Tokenize } from './input.js';
import type { Tally } from './monitor/tally.js';
import type { Watchers } from './monitor/watchers.js';
import type { TaggerPool } from './threads/pool.js';

/** What is to be annotated, with the caller's own name for it, which may be anything. */
export interface ManyItem<Id = unknown> {
  readonly id: Id;
  readonly input: AnnotateInput;
}

/** What was found in a document, or why nothing was. */
export type ManyResult<Id = unknown> =
  | ({ readonly id: Id; readonly error?: undefined } & Annotation)
  | { readonly id: Id; readonly error: TaggerError };

export interface AnnotateManyOptions extends WantedScores {
  /** Threads; one a core by default. They are kept for the next call, until the tagger is closed. */
  readonly workers?: number;
  /** Whether results come in the order of the documents, which is the default, or as they are done. */
  readonly ordered?: boolean;
  /** Ends the stream with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Instead of the tokenizer and the sentence splitter of the model; called in this thread. */
  readonly tokenize?: Tokenize;
}

/** What a thread gets, and what it gives for each document in order. */
export interface DocumentsJob {
  readonly documents: readonly Document[];
  readonly wanted: WantedScores;
  /** Whether somebody wants to know what is seen. */
  readonly isWatched: boolean;
}
export type DocumentResult = { readonly annotation: Annotation } | { readonly error: ErrorData };

export interface DocumentsResult {
  readonly results: readonly DocumentResult[];
  readonly tally?: Tally;
}

export type DocumentsPool = TaggerPool<DocumentsJob, DocumentsResult>;

/** Who does the work, and who is told of it. */
interface Workforce {
  readonly pool: DocumentsPool;
  readonly watchers: Watchers;
}

/** UTF-16 code units of a job: some thousand tokens, so that messages cost little and results do not wait long. */
const JOB_UNITS = 16_384;
/** Documents of a job; short ones too have their price. */
const JOB_DOCUMENTS = 64;
/** Jobs in flight for each thread: one at work and one that waits. */
const JOBS_PER_THREAD = 2;

export const workersOf = (wanted?: number): number => {
  if (wanted === undefined) return availableParallelism();
  if (Number.isSafeInteger(wanted) && wanted >= 1) return wanted;
  const problem = {
    message: 'wrong number of workers',
    expected: 'a whole number from 1',
    found: String(wanted),
  };
  throw new TaggerError('E_USAGE', problem);
};

type Entry<Id> = { readonly id: Id } & ({ readonly document: Document } | { readonly error: TaggerError });

/** `makeDocument` is called in this thread, and may throw: then the document is one that failed. */
export async function* annotateMany<Id>(
  items: AsyncIterable<ManyItem<Id>>,
  makeDocument: (input: AnnotateInput) => Document,
  workforce: Workforce,
  { ordered, signal: wish, scores, nbest, minScore }: AnnotateManyOptions,
): AsyncGenerator<ManyResult<Id>> {
  const { pool } = workforce;
  const signal = wish ? AbortSignal.any([pool.closed, wish]) : pool.closed;
  const jobs = batched(entriesOf(items, makeDocument), {
    count: JOB_DOCUMENTS,
    weight: JOB_UNITS,
    weightOf: (entry) => ('document' in entry ? entry.document.text.length : 0),
  });
  const work = (entries: readonly Entry<Id>[]) =>
    annotateEntries(entries, workforce, { scores, nbest, minScore });
  const limit = JOBS_PER_THREAD * pool.threads;
  for await (const results of inFlight(jobs, work, { limit, ordered, signal })) {
    for (const result of results) {
      yield result;
      signal.throwIfAborted();
    }
  }
}

async function* entriesOf<Id>(
  items: AsyncIterable<ManyItem<Id>>,
  makeDocument: (input: AnnotateInput) => Document,
): AsyncGenerator<Entry<Id>> {
  for await (const { id, input } of items) yield entryOf(id, () => makeDocument(input));
}

function entryOf<Id>(id: Id, make: () => Document): Entry<Id> {
  try {
    return { id, document: make() };
  } catch (cause) {
    if (cause instanceof TaggerError) return { id, error: cause };
    const found = cause instanceof Error ? cause.message : String(cause);
    const problem = { message: 'the document could not be cut into tokens', found };
    return { id, error: new TaggerError('E_DOCUMENT', problem, { cause }) };
  }
}

async function annotateEntries<Id>(
  entries: readonly Entry<Id>[],
  { pool, watchers }: Workforce,
  wanted: WantedScores,
): Promise<ManyResult<Id>[]> {
  const documents = entries.flatMap((entry) => ('document' in entry ? [entry.document] : []));
  // A document whose thread dies over it fails alone.
  const results = await inHalvesAsync(
    documents,
    async (some) => {
      const { results, tally } = await pool.run({ documents: some, wanted, isWatched: !watchers.isEmpty });
      if (tally) watchers.tell(tally);
      return results;
    },
    (_, error): DocumentResult => {
      pool.closed.throwIfAborted();
      return { error: errorData(error) };
    },
  );
  let next = 0;
  return entries.map((entry) => {
    if ('error' in entry) return entry;
    const { id } = entry;
    const result = results[next++];
    return 'error' in result ? { id, error: errorOf(result.error) } : { id, ...result.annotation };
  });
}
