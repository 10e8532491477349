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
  /** Of a predicted column, one a token: the probability of its tag. 0 … 1. */
  readonly scores?: readonly number[];
}

export interface Document {
  readonly id: string;
  readonly text: string;
  /** None where the text has not been cut into tokens yet. */
  readonly sentences: readonly Sentence[];
  /** Labelled stretches of the text, in order; absent where it has none of its own beside the columns. */
  readonly entities?: readonly Entity[];
  /** What else its record holds, such as a date or an author: passed through from input to output. */
  readonly fields?: Readonly<Record<string, unknown>>;
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
  /** Only where it was predicted and asked for: the probability that there is exactly this entity. 0 … 1. */
  readonly score?: number;
}
