/**
 * What a corpus format is. A file is read as cells (a word or one of its annotations) with text between them, the
 * gaps: `gap cell gap cell … gap`. Cells become documents; gaps hold everything else (separators, blank lines,
 * comments, line ends, ignored columns), so that writing what was read gives the same text back.
 */
import type { z } from 'zod';
import type { Document } from '../text/document.js';

/** The text of a file and the name by which messages call it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export interface CorpusFile {
  readonly name: string;
  readonly documents: readonly Document[];
  /**
   * The text before each cell in order of the file, then that after the last. Absent in files that were not read;
   * they are written in the format's plain layout.
   */
  readonly gaps?: readonly string[];
}

/** A format with its options settled. */
export interface CorpusFormat {
  /** The cells of a row in order; `word` is the token's text, the others are columns of the sentence. */
  readonly cells: readonly string[];
  /** The column to learn where nobody says which. */
  readonly label: string;
  /** Throws E_CORPUS_FORMAT with everything that is wrong in the file. */
  read(source: Source): CorpusFile;
  /** `write(read(source)) === source.text`. Throws E_CORPUS_FORMAT for a cell that could not be read back. */
  write(file: CorpusFile): string;
}

/** The values of options once they are checked and their defaults filled in. */
export type Settled<Shape extends z.ZodRawShape> = { readonly [Key in keyof Shape]: z.output<Shape[Key]> };

/** An entry in the table of formats: the options as a corpus description writes them, and how to settle them. */
export interface FormatKind<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly options: Shape;
  open(options: Settled<Shape>): CorpusFormat;
}
