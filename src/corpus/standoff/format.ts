/**
 * What a standoff format is: a text, and labelled stretches of it by their offsets, as annotation tools export and import
 * them. Everything that such formats share (offset units, checks against the stored text, tokens and tags) is done once,
 * in this folder; a format itself only says how its records look.
 */
import type { Place } from '../../core/errors.js';
import type { Document } from '../../text/document.js';
import type { OffsetUnit } from '../../text/offsets.js';

/** A stretch as a record has it: offsets in the unit of the file. */
export interface StandoffEntity {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** As the record stores it, to be checked against the document; many formats store none. */
  readonly text?: string;
  readonly score?: number;
}

/** A record as it was read, before offsets are converted and checked. */
export interface StandoffRecord {
  readonly id: string;
  readonly text: string;
  readonly entities: readonly StandoffEntity[];
  /** Tokens by their offsets, one list a sentence, where the record has them. */
  readonly tokens?: readonly (readonly { readonly start: number; readonly end: number }[])[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** How a document is written. */
export interface WriteOptions {
  /** What offsets count; every kind has its own default. */
  readonly unit: OffsetUnit;
  /** Whether entities are a model's guesses: some formats keep these apart from what people said. */
  readonly predicted: boolean;
  /** The column of sentences that holds the labels, where there are tokens. */
  readonly label: string;
}

/** A format whose file holds a JSON value a line, or one JSON array of them; both are read. */
export interface JsonStandoffKind {
  /** What the format's own tools count. */
  readonly unit: OffsetUnit;
  /** How files are written: a line a record, or one array. */
  readonly layout: 'lines' | 'array';
  /** Throws E_CORPUS_FORMAT at the place for a value that is no record. */
  parse(value: unknown, place: Place, defaultId: string): StandoffRecord;
  /** The value to be written as JSON. The entities of the document are in UTF-16; the result is in `options.unit`. */
  format(document: Document, options: WriteOptions): unknown;
}
