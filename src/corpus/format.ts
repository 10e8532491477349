/**
 * What a corpus format is. A file is read as cells (a word or one of its annotations) with text between them, the
 * gaps: `gap cell gap cell … gap`. Cells become documents; gaps hold everything else (separators, blank lines,
 * comments, line ends, ignored columns), so that writing what was read gives the same text back. Formats of offsets have
 * texts instead of cells and no gaps; see `by-offset.ts`.
 */
import type { z } from 'zod';
import type { Place } from '../core/errors.js';
import type { Document } from '../text/document.js';
import type { MakeDocument } from '../text/make-document.js';
import type { MisalignedEntity } from './misaligned.js';

/** The text of a file and the name by which messages call it. */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** Of formats with several files a document: the other ones, by their endings. */
  readonly parts?: Readonly<Record<string, Source>>;
}

export interface CorpusFile {
  readonly name: string;
  readonly documents: readonly Document[];
  /**
   * The text before each cell in order of the file, then that after the last. Absent in files that were not read;
   * they are written in the format's plain layout.
   */
  readonly gaps?: readonly string[];
  /** Where each document stands, in files without gaps. */
  readonly places?: readonly Place[];
  /** Entities that are no runs of tokens as they stand, and what became of them. */
  readonly misaligned?: readonly MisalignedEntity[];
  readonly leftOut?: readonly LeftOut[];
}

/** Something in a file that is neither read nor wrong, such as a relation between entities. */
export interface LeftOut {
  /** The kind of thing, in the singular. */
  readonly what: string;
  readonly place: Place;
  /** What stands there. */
  readonly found?: string;
}

/** A format with its options settled. */
export interface CorpusFormat {
  /** The cells of a row in order; `word` is the token's text, the others are columns of the sentence. */
  readonly cells: readonly string[];
  /** The column to learn where nobody says which. */
  readonly label: string;
  /** Throws E_CORPUS_FORMAT with everything that is wrong in the file. */
  read(source: Source): CorpusFile;
  /**
   * Of formats of offsets: the documents as they are annotated, with entities wherever these begin and end, and with
   * sentences only where the file has tokens.
   */
  readAnnotated?(source: Source): CorpusFile;
}

/** A format of cells and gaps. */
export interface CellFormat extends CorpusFormat {
  /** `write(read(source)) === source.text`. Throws E_CORPUS_FORMAT for a cell that could not be read back. */
  write(file: CorpusFile): string;
}

/** The values of options once they are checked and their defaults filled in. */
export type Settled<Shape extends z.ZodRawShape> = { readonly [Key in keyof Shape]: z.output<Shape[Key]> };

/** An entry in the table of formats: the options as a corpus description writes them, and how to settle them. */
export interface FormatKind<
  Shape extends z.ZodRawShape = z.ZodRawShape,
  Format extends CorpusFormat = CorpusFormat,
> {
  readonly options: Shape;
  /** Where a document is several files: their endings, first that of the file by which messages call it. */
  readonly parts?: readonly string[];
  /** `make` cuts the text of documents that are not cut into tokens; the defaults of tokenizer and sentences if left out. */
  open(options: Settled<Shape>, make?: MakeDocument): Format;
}
