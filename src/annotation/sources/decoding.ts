/** From the bytes of a record to text, with errors that name its place in the input. */
import { listedProblems, type Problem, TaggerError } from '../../core/errors.js';
import { decodeUtf8 } from '../../corpus/utf8.js';
import { type Position, placeOf, type RawRecord } from '../source.js';

export type Undecoded = Pick<RawRecord, 'position' | 'bytes' | 'head'>;

/** `column` counts from 1, `key` is the field. */
export function documentError(
  position: Position,
  { column, key, ...problem }: Omit<Problem, 'place'> & { readonly column?: number; readonly key?: string },
): TaggerError {
  return new TaggerError('E_DOCUMENT', { ...problem, place: { ...placeOf(position), column, key } });
}

/** Throws E_DOCUMENT where the bytes are not UTF-8. */
export function textOf({ position, bytes }: Undecoded): string {
  return inDocument(position, () => decodeUtf8(bytes, position.name, position.offset));
}

/** What is wrong with a record whose id is known. */
export class RecordError extends TaggerError {
  /** As the record has it. */
  readonly id: unknown;

  constructor(id: unknown, { code, problems }: TaggerError) {
    super(code, problems);
    this.id = id;
  }
}

/** Reads what belongs to an id: an error is one of that record. */
export function withId<T>(id: unknown, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TaggerError ? new RecordError(id, error) : error;
  }
}

/** Reads a record with the means of a corpus, whose errors are those of a document here; lines count from that of the record. */
export function inDocument<T>({ line }: Pick<Position, 'line'>, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TaggerError && error.code === 'E_CORPUS_FORMAT')) throw error;
    const problems = error.problems.slice(0, listedProblems).map(({ place, ...problem }) => {
      return { ...problem, place: { ...place, line: line + (place?.line ?? 1) } };
    });
    throw new TaggerError('E_DOCUMENT', problems, { cause: error });
  }
}

const shown = 60;

/** A value as JSON, cut where it is long. */
export function show(value: unknown): string {
  const json = JSON.stringify(typeof value === 'string' ? value.slice(0, shown) : value) ?? 'nothing';
  return json.length > shown ? `${json.slice(0, shown - 1)}…` : json;
}
