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

/** A sequence of tags that is one of several. */
export interface AnnotatedSequence {
  /** Among all sequences that the scheme allows. 0 … 1. */
  readonly probability: number;
  /** One a token. */
  readonly tags: readonly string[];
  readonly entities: readonly Entity[];
}

/** The most probable annotations of a sentence, the best first; fewer than asked for where fewer are allowed. */
export interface SentenceSequences {
  /** The sentence's offsets into the text; of a sentence in windows, the window's. */
  readonly start: number;
  readonly end: number;
  readonly sequences: readonly AnnotatedSequence[];
}

/** A sentence longer than any that training saw, which was tagged in overlapping windows. */
export interface LongSentence {
  /** Its offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly windows: number;
}

/** A document that a model has annotated: its sentences have a column of tags, and perhaps scores. */
export interface AnnotatedDocument extends Document {
  /** Empty where labels are of single tokens. */
  readonly entities: readonly Entity[];
  /** Only where they were asked for: an item for every sentence that has tokens, or for every window of a long one. */
  readonly nbest?: readonly SentenceSequences[];
  /** The sentences that were too long to be tagged at once; absent where there are none. */
  readonly windows?: readonly LongSentence[];
}
