/** The records of one input after the other, each with its position. */
import { errorData, TaggerError } from '../../core/errors.js';
import { type LostRecord, type Position, placeOf, type RawRecord } from '../source.js';
import { type Bytes, failureOf, openBytes, untilFailure } from './bytes.js';
import type { Found } from './inputs.js';
import type { Cutter, Piece } from './kind.js';

export interface RecordOptions {
  /** The inputs in order. */
  readonly inputs: AsyncIterable<Found>;
  /** What `-` stands for, if not the stdin of the process. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** A new cutter for an input of this name. */
  cutterOf(name: string): Cutter;
}

const lineFeed = 0x0a;

/** All records, or those from a position on. Throws E_RESUME where the inputs are not those that had this position. */
export async function* recordsOf(
  options: RecordOptions,
  from?: Position,
): AsyncGenerator<RawRecord | LostRecord> {
  let input = 0;
  let record = from?.record ?? 0;
  for await (const found of options.inputs) {
    const isFirst = input === from?.input;
    if (isFirst && found.name !== from.name) throw changed(from, found.name);
    if (!from || input >= from.input) {
      let number = isFirst ? from.number : 0;
      for await (const piece of piecesOf(found, options, isFirst ? from : undefined)) {
        yield recordOf(piece, { input, name: found.name, number, record });
        number++;
        record++;
      }
    }
    input++;
  }
  if (from && input <= from.input) throw changed(from, `${input} inputs only`);
}

function recordOf(
  { offset, line, ...content }: Piece,
  counts: Omit<Position, 'offset' | 'line'>,
): RawRecord | LostRecord {
  const position = { ...counts, offset, line };
  if ('bytes' in content) {
    // A copy in a buffer of its own: the piece is a view of a chunk, all of which would be kept, or sent to a worker.
    return { kind: 'record', position, ...content, bytes: new Uint8Array(content.bytes) };
  }
  const { code = 'E_DOCUMENT', problem } = content;
  const place = code === 'E_FILE_MISSING' ? { file: position.name } : placeOf(position);
  return { kind: 'lost', position, error: errorData(new TaggerError(code, { ...problem, place })) };
}

async function* piecesOf(
  { name, failure }: Found,
  { stdin, cutterOf }: RecordOptions,
  from?: Position,
): AsyncGenerator<Piece> {
  const bytes = failure ?? (await openBytes(name, stdin).catch(failureOf));
  if (!('read' in bytes)) {
    yield { offset: 0, line: 0, ...bytes };
    return;
  }
  const cutter = cutterOf(name);
  if (from && from.number > 0) yield* piecesFrom(from, bytes, cutter);
  else yield* cut(bytes.read(0), cutter);
}

/** Goes to the place itself where the bytes can be read from there; else reads all that comes before. */
async function* piecesFrom(from: Position, bytes: Bytes, cutter: Cutter): AsyncGenerator<Piece> {
  const { size } = bytes;
  const canSeek = size !== undefined;
  if (canSeek) {
    if (size < from.offset) throw changed(from, `${size} bytes`);
    for await (const _ of cut(bytes.read(0), cutter)) if (cutter.isReady()) break;
    cutter.moveTo(from);
  }
  let toSkip = canSeek ? 0 : from.number;
  let isThere = false;
  const chunks = canSeek ? behindLineEnd(bytes.read(from.offset - 1), from) : bytes.read(0);
  for await (const piece of cut(chunks, cutter)) {
    if (toSkip-- > 0) continue;
    if (!isThere && piece.offset !== from.offset) throw changed(from, `a record at byte ${piece.offset}`);
    isThere = true;
    yield piece;
  }
  if (!isThere) throw changed(from, 'the end of the input before it');
}

/** Every record but the first begins behind a line end. Where there is none, the input is another one than it was. */
async function* behindLineEnd(chunks: AsyncIterable<Uint8Array>, from: Position): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk[0] !== lineFeed) throw changed(from, 'a line that began before it');
    yield isFirst ? chunk.subarray(1) : chunk;
    isFirst = false;
  }
}

async function* cut(chunks: AsyncIterable<Uint8Array>, cutter: Cutter): AsyncGenerator<Piece> {
  for await (const chunk of untilFailure(chunks)) {
    if (chunk instanceof Uint8Array) {
      yield* cutter.push(chunk);
    } else {
      const { offset, line } = cutter.pending();
      yield { offset, line, ...chunk };
      return;
    }
  }
  yield* cutter.end();
}

function changed({ input, name, number, offset }: Position, found: string): TaggerError {
  return new TaggerError('E_RESUME', {
    message: 'the inputs are not those of the run that is to be continued',
    expected: `as input ${input + 1} ${name}, with record ${number + 1} at byte ${offset}`,
    found,
    hint: 'name the same inputs in the same order, with the same options',
  });
}
