/** Where documents come from: files, folders and streams as records, each of which becomes one document. */
import type { ErrorData, Place } from '../core/errors.js';
import type { Document } from '../text/document.js';

/** Where a record begins, so that a later run can go on from there. All counts from 0. */
export interface Position {
  /** The how-manieth input: a file, or stdin. */
  readonly input: number;
  /** Its name, to tell whether it is still the same. */
  readonly name: string;
  /** Bytes of the input before the record, after decompression. */
  readonly offset: number;
  /** Lines of the input before it. */
  readonly line: number;
  /** Records of this input before it. */
  readonly number: number;
  /** Records of all inputs before it. */
  readonly record: number;
}

/** The bytes of one record, not decoded yet: that is done in a worker. */
export interface RawRecord {
  readonly kind: 'record';
  readonly position: Position;
  /** In a buffer of their own, which may be transferred to a worker. */
  readonly bytes: Uint8Array;
  /** What all records of the input have in common, such as the header row of a CSV file; they share it. */
  readonly head?: Uint8Array;
}

/** Where a record should be: it cannot be read (a cut gzip stream, a record without end), but those after it can. */
export interface LostRecord {
  readonly kind: 'lost';
  readonly position: Position;
  readonly error: ErrorData;
}

export interface Source {
  /** Bytes of all inputs as they lie on disk, where that is known: for the progress. */
  readonly bytes?: number;
  /** All records in order, or those from a position on. */
  records(from?: Position): AsyncGenerator<RawRecord | LostRecord>;
}

/** Reads records in a worker. Throws TaggerError E_DOCUMENT with the place for one that is no document. */
export type Decode = (record: Pick<RawRecord, 'position' | 'bytes' | 'head'>) => Document | Promise<Document>;

/** Where a record stands, as errors name it: file and line. */
export const placeOf = ({ name, line }: Position): Place => ({ file: name, line: line + 1 });

/** The id of a record that has none of its own: its input, and its number there from 1. */
export const numbered = ({ name, number }: Position): string => `${name}#${number + 1}`;
