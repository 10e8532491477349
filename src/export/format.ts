/** What an output format is: how annotated documents are written. */
import type { Document } from '../text/document.js';
import type { OffsetUnit } from '../text/offsets.js';
import type { Scheme } from '../text/schemes.js';

export interface OutputOptions {
  /** The column of the sentences that holds the tags: in BIOES, or the labels of single tokens. */
  readonly label: string;
  readonly scheme: Extract<Scheme, 'bioes' | 'none'>;
  /** What offsets count; left out: what the format's own tools count. */
  readonly unit?: OffsetUnit;
  /** How formats of columns write tags of spans. */
  readonly tags?: Exclude<Scheme, 'none'>;
  /** Whether the annotation is a model's, not people's. */
  readonly predicted: boolean;
}

/** A file of many documents is `head`, their texts with `between` in between, and `tail`. */
export interface OutputFormat {
  /** Of a file, with its dot: `.jsonl`. */
  readonly ending: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  /** One document. Its sentences have the column `label`; its entities are in order. Throws E_DOCUMENT for one that the format cannot hold. */
  write(document: Document): string;
}

/** A format that takes several files a document, such as brat; it needs a folder. */
export interface FolderFormat {
  /** What each document becomes, by the ending of its file. */
  files(document: Document): ReadonlyMap<string, string>;
}

export interface OutputKind {
  /** What it is, for the table of formats in the help and in README. */
  readonly summary: string;
  open(options: OutputOptions): OutputFormat | FolderFormat;
}
