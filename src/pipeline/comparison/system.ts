/** A system of a comparison, ready to tag in its process. */
import type { CurvePoint } from '../../report/comparison.js';
import type { ScoredSpan } from '../../tagger/prediction.js';
import type { Scheme } from '../../text/schemes.js';
import type { TokenSentence } from '../../text/tracks.js';

/** The sentences of every document. */
export type Documents = readonly (readonly TokenSentence[])[];

export interface Training {
  readonly seconds: number;
  readonly curve?: readonly CurvePoint[];
}

export type Tags = readonly (readonly string[])[];

export interface System {
  /** How its tags are written. */
  readonly scheme: Scheme;
  /** What is absent is not known. */
  readonly size?: { readonly parameters?: number; readonly bytes: number };
  readonly training?: Training;
  /** One list a sentence, through all documents. */
  tag(documents: Documents): Tags | Promise<Tags>;
  /** Its spans with their probabilities; absent where it has none. */
  spans?(documents: Documents): readonly (readonly ScoredSpan[])[];
  close(): Promise<void>;
}
