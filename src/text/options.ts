/** The options of the stage `tokenizer`: a kind of tokenizer and, under `sentences`, a kind of sentence splitter. */
import { z } from 'zod';
import type { Document } from './document.js';
import { documentMaker } from './make-document.js';
import { createSplitter, defaultSplitter, splitterOptions } from './sentences.js';
import { createTokenizer, tokenizerKinds } from './tokenizers/index.js';

const sentences = splitterOptions.default(defaultSplitter);

export const textOptions = z.discriminatedUnion('kind', [
  tokenizerKinds.treebank.options.extend({ sentences }),
  tokenizerKinds['word-punct'].options.extend({ sentences }),
  tokenizerKinds.orthography.options.extend({ sentences }),
  tokenizerKinds.regexp.options.extend({ sentences }),
  tokenizerKinds.whitespace.options.extend({ sentences }),
  tokenizerKinds.unicode.options.extend({ sentences }),
]);

export type TextOptions = z.output<typeof textOptions>;

/** From raw text to documents as the options say. */
export function documentMakerOf({
  sentences,
  ...tokenizer
}: TextOptions): (text: string, id?: string) => Document {
  return documentMaker({ tokenizer: createTokenizer(tokenizer), splitter: createSplitter(sentences) });
}
