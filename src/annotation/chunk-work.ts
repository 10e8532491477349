/** What is done with a chunk, in a worker thread or, where there is little to do, in the main one: its records are read, annotated and written as text. */
import { errorData } from '../core/errors.js';
import { inHalves } from '../core/in-halves.js';
import { contentOf, type FolderFormat, type OutputFormat, outputs, rounded } from '../export/index.js';
import type { Tagger } from '../tagger/index.js';
import { WatchedWork } from '../tagger/monitor/watched-work.js';
import type { AnnotatedDocument, Document } from '../text/document.js';
import type { Chunk, ChunkResult, ChunkSettings, Counts, FailedDocument, Written } from './chunk.js';
import { errorRecord } from './failed.js';
import type { WrittenDocument } from './sink.js';
import { type Decode, type LostRecord, numbered, type RawRecord } from './source.js';
import { RecordError } from './sources/decoding.js';
import { givenId } from './sources/fields.js';
import { decoderOf } from './sources/index.js';

interface Tools {
  readonly settings: ChunkSettings;
  readonly decode: Decode;
  readonly output: OutputFormat | FolderFormat;
}

/** The function that works on chunks with one set of settings, and one tagger, which may fail to be made. A document that fails leaves the others as they are. */
export function chunkWork(
  tagger: () => Tagger,
  settings: ChunkSettings,
): (chunk: Chunk) => Promise<ChunkResult> {
  const { reading, to, writing } = settings;
  const tools = { settings, decode: decoderOf(reading), output: outputs[to].open(writing) };
  return (chunk) => annotateChunk(chunk, tagger, tools);
}

/** A record on its way: what has become of it so far. */
type Item =
  | { readonly document: AnnotatedDocument; readonly content: WrittenDocument['content'] | undefined }
  | { readonly failed: FailedDocument };

async function annotateChunk(chunk: Chunk, tagger: () => Tagger, tools: Tools): Promise<ChunkResult> {
  const { settings, decode } = tools;
  const read = await Promise.all(chunk.map((record) => readRecord(record, decode)));
  const documents = read.flatMap((each) => ('document' in each ? [each.document] : []));
  const watched = new WatchedWork(settings.isWatched);
  const outcomes = inHalves(documents, (some) => watched.annotate(tagger(), some, settings.wanted));
  let next = 0;
  const items = read.map((each): Item => {
    if ('failed' in each) return each;
    const outcome = outcomes[next++];
    return 'error' in outcome ? failure(each.document, outcome.error) : writeDocument(outcome.value, tools);
  });
  return {
    written: settings.isFolder ? apart(items) : joined(items, tools),
    failed: items.flatMap((item) => ('failed' in item ? [item.failed] : [])),
    counts: countsOf(items),
    tally: watched.tally,
  };
}

/** Decoded, or why not. */
async function readRecord(
  record: RawRecord | LostRecord,
  decode: Decode,
): Promise<{ readonly document: Document } | { readonly failed: FailedDocument }> {
  const id = numbered(record.position);
  if (record.kind === 'lost') return { failed: { id, error: record.error } };
  try {
    return { document: await decode(record) };
  } catch (thrown) {
    return { failed: { id: thrown instanceof RecordError ? thrown.id : id, error: errorData(thrown) } };
  }
}

function writeDocument(document: AnnotatedDocument, { output }: Tools): Item {
  try {
    return { document, content: contentOf(output, rounded(document)) };
  } catch (error) {
    return failure(document, error);
  }
}

function failure(document: Document, thrown: unknown): Item {
  return { failed: { id: givenId(document), error: errorData(thrown) } };
}

/** Each document by itself; a file without content is one too. */
function apart(items: readonly Item[]): Written[] {
  return items.flatMap((item) =>
    'document' in item
      ? [{ id: item.document.id, given: givenId(item.document), content: item.content ?? '' }]
      : [],
  );
}

/** All documents as one, in the bytes of the file; errors stand where they happened, if the format can show them. */
function joined(items: readonly Item[], { output, settings }: Tools): Written[] {
  if ('files' in output) return [];
  const parts = items.flatMap((item) => {
    if ('document' in item) return item.content === undefined ? [] : [item.content as string];
    return settings.errorsInline && output.writeError ? [output.writeError(errorRecord(item.failed))] : [];
  });
  return parts.length === 0
    ? []
    : [{ id: '', given: undefined, content: new TextEncoder().encode(parts.join(output.between)) }];
}

function countsOf(items: readonly Item[]): Counts {
  const documents = items.flatMap((item) => ('document' in item ? [item.document] : []));
  const sum = (count: (document: AnnotatedDocument) => number) =>
    documents.reduce((total, document) => total + count(document), 0);
  return {
    documents: documents.length,
    tokens: sum(({ sentences }) => sentences.reduce((total, { tokens }) => total + tokens.length, 0)),
    entities: sum(({ entities }) => entities.length),
    failed: items.length - documents.length,
    long: sum(({ windows = [] }) => windows.length),
    bytes: 0,
  };
}
