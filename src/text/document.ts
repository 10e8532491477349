/**
 * The one data model of text. Offsets are UTF-16 code units into the document's text, so that
 * `document.text.slice(x.start, x.end) === x.text` for every token, sentence and entity.
 */

export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Sentence {
  readonly tokens: readonly Token[];
  /** Annotation columns by name (`pos`, `ner`, …), each with one value a token; absent in raw text. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

export interface Document {
  readonly id: string;
  readonly text: string;
  readonly sentences: readonly Sentence[];
}

/** A labelled run of tokens: `first` is the index of the first token, `end` that after the last. */
export interface Span {
  readonly label: string;
  readonly first: number;
  readonly end: number;
}

/** A labelled stretch of a document's text. */
export interface Entity {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
