/**
 * What a format of the input is. Cutting the bytes of an input into records is done on the main thread and only looks
 * at bytes; decoding a record into a document is done in a worker.
 */
import type { ErrorCode, Problem } from '../../core/errors.js';
import type { Decode } from '../source.js';
import type { ReadOptions } from './options.js';

export interface SourceKind {
  /** How names of such files end, that of compression left out. */
  readonly endings: readonly string[];
  /** A new one for every input. */
  cutter(options: ReadOptions, limits: Limits): Cutter;
  decoder(options: ReadOptions): Decode;
}

/** Where something begins in its input: bytes and lines before it. */
export interface Border {
  readonly offset: number;
  readonly line: number;
}

/** A record, or the place of one that cannot be cut out. */
export type Piece = Border & (CutPiece | LostPiece);

interface CutPiece {
  readonly bytes: Uint8Array;
  readonly head?: Uint8Array;
}

export interface LostPiece {
  /** E_DOCUMENT where it is left out. */
  readonly code?: ErrorCode;
  readonly problem: Omit<Problem, 'place'>;
}

export interface Cutter {
  /** Takes the next bytes; gives the records that are complete with them. */
  push(chunk: Uint8Array): Iterable<Piece>;
  /** The input ends here. */
  end(): Iterable<Piece>;
  /** Where that begins which is not cut yet. */
  pending(): Border;
  /** Whether it has seen what the beginning of the input says about all of it, such as a header row. */
  isReady(): boolean;
  /** What is pushed next stands elsewhere, at the beginning of a record. */
  moveTo(border: Border): void;
}

/** How much is held in memory for one record, in bytes. What is longer is lost, and reading goes on after it. */
export interface Limits {
  readonly record: number;
  /** Of a row of CSV: its parser takes 50 bytes of memory a character. */
  readonly row: number;
  /** How far the end of a quotation in CSV is looked for, before its quote is taken for a stray one. */
  readonly quotation: number;
}

export const limits: Limits = { record: 2 ** 28, row: 2 ** 24, quotation: 2 ** 22 };

export function tooLong(limit: number): LostPiece {
  return {
    problem: {
      message: 'the record is too long',
      expected: `at most ${limit} bytes`,
      hint: 'split it; --from lines or --from jsonl take a document a line',
    },
  };
}
