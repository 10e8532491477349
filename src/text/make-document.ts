/** From raw text to a document of sentences and tokens. */
import type { Document } from './document.js';
import { createSplitter, type SentenceSplitter } from './sentences.js';
import { createTokenizer, type Tokenizer } from './tokenizers/index.js';

/** From raw text to a document of sentences and tokens. */
export type MakeDocument = (text: string, id?: string) => Document;

/** How text becomes tokens; without options the defaults (`natural` sentences, `treebank` tokens). */
export interface TextOptions {
  readonly tokenizer?: Tokenizer;
  readonly splitter?: SentenceSplitter;
}

/**
 * Makes documents with one tokenizer and one sentence splitter.
 *
 * @example
 * const makeDocument = documentMaker();
 * const { sentences } = makeDocument('Hello world. Bye.'); // two sentences
 */
export function documentMaker(options: TextOptions = {}): MakeDocument {
  const { tokenizer = createTokenizer(), splitter = createSplitter() } = options;
  return (text, id = '') => ({
    id,
    text,
    sentences: splitter
      .split(text)
      .map(({ start, end }) => ({ tokens: tokenizer.tokenize(text.slice(start, end), start) })),
  });
}
