/** The table of tokenizers: one line a kind. */
import { z } from 'zod';
import { orthography } from './orthography.js';
import { regexp } from './regexp.js';
import type { Tokenizer } from './tokenizer.js';
import { treebank } from './treebank.js';
import { unicode } from './unicode.js';
import { whitespace } from './whitespace.js';
import { wordPunct } from './word-punct.js';

export type { Tokenizer } from './tokenizer.js';

export const tokenizerKinds = {
  treebank,
  'word-punct': wordPunct,
  orthography,
  regexp,
  whitespace,
  unicode,
} as const;

/** What a config may say of a tokenizer: its kind and that kind's options. */
export const tokenizerOptions = z.discriminatedUnion('kind', [
  treebank.options,
  wordPunct.options,
  orthography.options,
  regexp.options,
  whitespace.options,
  unicode.options,
]);

export type TokenizerOptions = z.output<typeof tokenizerOptions>;

export const defaultTokenizer: TokenizerOptions = { kind: 'treebank' };

export function createTokenizer(options: TokenizerOptions = defaultTokenizer): Tokenizer {
  const create = tokenizerKinds[options.kind].create as (options: TokenizerOptions) => Tokenizer;
  return create(options);
}
