/** What an output format is: how annotated documents are written. */
import type { AnnotatedDocument } from '../text/document.js';
import type { OffsetUnit } from '../text/offsets.js';
import type { Scheme, SpanScheme } from '../text/schemes.js';

export interface OutputOptions {
  /** The column of the sentences that holds the tags: in BIOES, or the labels of single tokens. */
  readonly label: string;
  readonly scheme: Extract<Scheme, 'bioes' | 'none'>;
  /** What offsets count; left out: what the format's own tools count. */
  readonly unit?: OffsetUnit;
  /** How formats of columns write tags of spans; `bio` by default. */
  readonly tags?: SpanScheme;
  /** Whether the annotation is a model's, not people's. */
  readonly predicted: boolean;
  /** All that entities, or tokens, may be labelled with, where that is known. */
  readonly labels?: readonly string[];
}

/** A file of many documents is `head`, their texts with `between` in between, and `tail`. */
export interface OutputFormat {
  /** Of a file, with its dot: `.jsonl`. */
  readonly ending: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  /**
   * One document; undefined where nothing is to be written of it. Its sentences have the column `label`; its entities are in
   * order. Throws E_DOCUMENT for one that the format cannot hold.
   */
  write(document: AnnotatedDocument): string | undefined;
  /** What stands in the place of a document that failed, in a format that has room for it. */
  writeError?(record: { readonly id: unknown }): string;
}

/** A format that takes several files a document, such as brat; it needs a folder. */
export interface FolderFormat {
  /** What each document becomes, by the ending of its file. Throws as `write`. */
  files(document: AnnotatedDocument): ReadonlyMap<string, string>;
}

export interface OutputKind {
  /** What it is, for the table of formats in the help and in README. */
  readonly summary: string;
  /** Endings of files that are taken to be of this format. */
  readonly endings: readonly string[];
  /** Whether it is made of tokens, so that a document without any cannot be written. */
  readonly needsTokens?: boolean;
  open(options: OutputOptions): OutputFormat | FolderFormat;
}
