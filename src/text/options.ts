/** The options of the stage `tokenizer`: a kind of tokenizer and, under `sentences`, a kind of sentence splitter. */
import type { z } from 'zod';
import { kindOf } from '../core/kind.js';
import { documentMaker, type MakeDocument } from './make-document.js';
import { createSplitter, defaultSplitter, splitterOptions } from './sentences.js';
import { createTokenizer, type TokenizerOptions, tokenizerKinds } from './tokenizers/index.js';

const sentences = splitterOptions.default(defaultSplitter);

const kinds = Object.entries(tokenizerKinds).map(
  ([kind, { options }]) => [kind, { options: options.extend({ sentences }) }] as const,
);

export type TextOptions = TokenizerOptions & { sentences: z.output<typeof sentences> };

export const textOptions = kindOf(Object.fromEntries(kinds)) as z.ZodType<TextOptions>;

/** From raw text to documents as the options say. The tokenizer loads with the first text: many a corpus has tokens. */
export function documentMakerOf({ sentences, ...tokenizer }: TextOptions): MakeDocument {
  let make: MakeDocument | undefined;
  return (text, id) => {
    make ??= documentMaker({ tokenizer: createTokenizer(tokenizer), splitter: createSplitter(sentences) });
    return make(text, id);
  };
}
