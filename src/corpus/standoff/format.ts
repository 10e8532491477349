/**
 * What a standoff format is: a text, and labelled stretches of it by their offsets, as annotation tools export and import
 * them. Everything that such formats share (offset units, checks against the stored text, tokens and labels) is done once,
 * in this folder; a format itself only says how its records look.
 */
import type { z } from 'zod';
import type { Place, Problem } from '../../core/errors.js';
import type { Document } from '../../text/document.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { Scheme } from '../../text/schemes.js';
import type { Source } from '../format.js';

/** A stretch as a record has it: offsets in the unit of the file. */
export interface StandoffEntity {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** As the record stores it, to be checked against the document; many formats store none. */
  readonly text?: string;
  readonly score?: number;
}

/** A token as a record has it: offsets in the unit of the file. */
export interface StandoffToken {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
  /** The value of the column `label`: of single tokens, or a tag. All tokens of a record have one, or none. */
  readonly label?: string;
  readonly score?: number;
}

/** A document as a record has it: read, before offsets are converted and checked; written, after they were converted. */
export interface StandoffRecord {
  readonly id: string;
  readonly text: string;
  /** Left out where the record says nothing of entities, which is not the same as none. */
  readonly entities?: readonly StandoffEntity[];
  /** One list a sentence, one list in all where the format does not know sentences; where the record has tokens. */
  readonly tokens?: readonly (readonly StandoffToken[])[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** How a format is opened, to read and to write. */
export interface StandoffOptions {
  /** What offsets count; else what the format's own tools count. */
  readonly unit?: OffsetUnit;
  /** The column of sentences for labels of tokens; `label` where nobody says which. */
  readonly label?: string;
  /** What that column holds in documents to be written: tags of spans, which is the default, or labels of single tokens. */
  readonly scheme?: Extract<Scheme, 'bioes' | 'none'>;
  /** Whether written entities are a model's guesses: some formats keep these apart from what people said. */
  readonly predicted?: boolean;
}

export type StandoffSettings = Required<StandoffOptions>;

/** Something in a file that is no document or entity of it, and why. */
export interface Ignored {
  /** The kind of thing, in the singular: `relation`, `discontinuous entity`, `record answered "reject"`. */
  readonly what: string;
  readonly place: Place;
  /** What stands there. */
  readonly found?: string;
}

/** What a record is read with. */
export interface ReadingContext extends StandoffSettings {
  /** For a record without an id of its own. */
  readonly id: string;
  ignore(what: string, found?: string): void;
}

export type Normalize = (text: string) => string;

/** A format whose file holds a JSON value a record. */
export interface JsonStandoffKind<Shape = unknown> {
  /** What it is, for the table of formats in the help and in README. */
  readonly summary: string;
  /** What the format's own tools count. */
  readonly unit: OffsetUnit;
  /** How files are written: a line a record, or one array. Either is read, whichever it is. */
  readonly layout: 'lines' | 'array';
  /** What a record looks like. It only checks: the record goes to `parse` as it is, with keys that are not named here. */
  readonly schema: z.ZodType<Shape>;
  /** Undefined for a record that shall be left out, which is told to `ignore`. */
  parse(value: Shape, context: ReadingContext): StandoffRecord | undefined;
  /** How its stored texts differ from those of the document, if they do; the same is done to both before they are compared. */
  readonly normalize?: Normalize;
  /** The value to be written as JSON. Throws E_DOCUMENT for a record that the format cannot hold. */
  format(record: StandoffRecord, settings: StandoffSettings): unknown;
}

/** A format of two files a document: the text, and what is said of it. */
export interface PairStandoffKind {
  readonly summary: string;
  readonly unit: OffsetUnit;
  /** The endings of both, with their dots. */
  readonly endings: { readonly text: string; readonly annotation: string };
  /** As that of {@link JsonStandoffKind}. */
  readonly normalize?: Normalize;
  parse(pair: Pair, settings: StandoffSettings): ParsedPair;
  /** Both contents. Throws E_DOCUMENT for a record that the format cannot hold. */
  format(
    record: StandoffRecord,
    settings: StandoffSettings,
  ): { readonly text: string; readonly annotation: string };
}

/** Both files of a document. */
export interface Pair {
  readonly text: Source;
  readonly annotation: Source;
}

export interface ParsedPair {
  readonly record: StandoffRecord;
  /** Of each entity. */
  readonly places: readonly Place[];
  readonly ignored: readonly Ignored[];
  readonly problems: readonly Problem[];
}

/** A file to be read; of a format of two files either of them. */
export interface StandoffSource extends Source {
  /** The text of the file beside it, for formats that have one; undefined where there is none. */
  readonly beside?: string;
}

/** What was read. */
export interface StandoffFile {
  readonly name: string;
  /**
   * Entities are in order of their start, and `text.slice(start, end) === entity.text`; they may overlap, and need not
   * fall on edges of tokens. Sentences are there if the file has tokens.
   */
  readonly documents: readonly Document[];
  /** Where each document stands. */
  readonly places: readonly Place[];
  readonly ignored: readonly Ignored[];
}

interface OpenedStandoff {
  readonly unit: OffsetUnit;
  /** Throws E_CORPUS_FORMAT with everything that is wrong in the file. */
  read(source: StandoffSource): StandoffFile;
}

/** Files of many documents: `head`, their texts with `between` in between, and `tail`. */
export interface RecordStandoff extends OpenedStandoff {
  /** Of a file, with its dot. */
  readonly ending: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  /** One document. Throws E_DOCUMENT for one that the format cannot hold. */
  write(document: Document): string;
}

/** Two files a document. */
export interface PairStandoff extends OpenedStandoff {
  /** The file beside this one, whichever of the two it is; undefined for the name of neither. */
  beside(name: string): string | undefined;
  /** What a document becomes, by the ending of its file. Throws E_DOCUMENT for one that the format cannot hold. */
  files(document: Document): ReadonlyMap<string, string>;
}
