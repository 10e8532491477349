/** The labelled things of a sentence with their words. */
import type { Span } from '../../text/document.js';
import { decodeSpans, type Scheme } from '../../text/schemes.js';
import type { LabelledSentence } from '../labels.js';

/** A span, or a token where labels are of single tokens. */
export interface Mention extends Span {
  /** Its words with a space between two. */
  readonly form: string;
}

/** `scheme`: that of the sentence's tags, `none` for labels of single tokens. */
export function mentionsOf({ tokens, tags }: LabelledSentence, scheme: Scheme): Mention[] {
  return decodeSpans(tags, scheme).map((span) => ({ ...span, form: formOf(tokens, span.first, span.end) }));
}

export const formOf = (tokens: readonly string[], first: number, end: number): string =>
  end - first === 1 ? tokens[first] : tokens.slice(first, end).join(' ');
