/** What every tokenizer is. */
import type { z } from 'zod';
import type { Token } from '../document.js';

/**
 * Cuts a text, usually one sentence, into tokens in order. Offsets are UTF-16 code units plus `base`, so that
 * `text.slice(start - base, end - base) === token.text`; only white space lies outside the tokens.
 */
export interface Tokenizer {
  tokenize(text: string, base?: number): Token[];
}

/** A kind of tokenizer: the schema of its options in a config and the function that makes one. */
export interface TokenizerKind<Schema extends z.ZodType> {
  readonly options: Schema;
  readonly create: (options: z.output<Schema>) => Tokenizer;
}
