/** The table of tokenizers: one line a kind. */
import { kindOf, type OptionsOf } from '../../core/kind.js';
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
export const tokenizerOptions = kindOf(tokenizerKinds);

export type TokenizerOptions = OptionsOf<typeof tokenizerKinds>;

export const defaultTokenizer: TokenizerOptions = { kind: 'treebank' };

export function createTokenizer(options: TokenizerOptions = defaultTokenizer): Tokenizer {
  const create = tokenizerKinds[options.kind].create as (options: TokenizerOptions) => Tokenizer;
  return create(options);
}
