/** Many documents of a caller, annotated by threads, as a stream. */
import { availableParallelism } from 'node:os';
import { batched } from '../core/batched.js';
import { type ErrorData, errorData, errorOf, TaggerError } from '../core/errors.js';
import { inFlight } from '../core/in-flight.js';
import { inHalvesAsync } from '../core/in-halves.js';
import type { Document } from '../text/document.js';
import type { Annotation, WantedScores } from './annotation.js';
import type { AnnotateInput, Tokenize } from './input.js';
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
}
export type DocumentResult = { readonly annotation: Annotation } | { readonly error: ErrorData };

export type DocumentsPool = TaggerPool<DocumentsJob, DocumentResult[]>;

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
  pool: DocumentsPool,
  { ordered, signal, ...wanted }: AnnotateManyOptions,
): AsyncGenerator<ManyResult<Id>> {
  const work = (entries: readonly Entry<Id>[]) => annotateEntries(entries, pool, wanted);
  const limit = JOBS_PER_THREAD * pool.threads;
  const jobs = jobsOf(items, makeDocument);
  for await (const results of inFlight(jobs, work, { limit, ordered, signal })) yield* results;
}

async function annotateEntries<Id>(
  entries: readonly Entry<Id>[],
  pool: DocumentsPool,
  { scores, nbest, minScore }: WantedScores,
): Promise<ManyResult<Id>[]> {
  const documents = entries.flatMap((entry) => ('document' in entry ? [entry.document] : []));
  // A document whose thread dies over it fails alone.
  const results = await inHalvesAsync(
    documents,
    (some) => pool.run({ documents: some, wanted: { scores, nbest, minScore } }),
    (_, error): DocumentResult => ({ error: errorData(error) }),
  );
  let next = 0;
  return entries.map((entry) => {
    if ('error' in entry) return { id: entry.id, error: entry.error };
    const result = results[next++];
    return 'error' in result
      ? { id: entry.id, error: errorOf(result.error) }
      : { id: entry.id, ...result.annotation };
  });
}

/** Documents by the job; one that is there does not wait for one that is not. */
async function* jobsOf<Id>(
  items: AsyncIterable<ManyItem<Id>>,
  makeDocument: (input: AnnotateInput) => Document,
): AsyncGenerator<Entry<Id>[]> {
  const size = { count: JOB_DOCUMENTS, weight: JOB_UNITS };
  for await (const batch of batched(items, { ...size, weightOf: ({ input }) => unitsOf(input) })) {
    yield batch.map(({ id, input }): Entry<Id> => {
      try {
        return { id, document: makeDocument(input) };
      } catch (error) {
        return { id, error: errorOf(errorData(error)) };
      }
    });
  }
}

function unitsOf(input: AnnotateInput): number {
  if (typeof input === 'string') return input.length;
  if ('text' in input) return input.text.length;
  return input.flat().reduce((units, word) => units + word.length, 0);
}
