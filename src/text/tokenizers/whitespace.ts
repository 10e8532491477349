/** Tokens between white space, for text that is tokenized already. */
import { z } from 'zod';
import type { TokenizerKind } from './tokenizer.js';

const options = z.strictObject({ kind: z.literal('whitespace') });

export const whitespace: TokenizerKind<typeof options> = {
  options,
  create: () => ({
    tokenize: (text, base = 0) =>
      Array.from(text.matchAll(/\S+/g), ({ 0: word, index }) => ({
        text: word,
        start: base + index,
        end: base + index + word.length,
      })),
  }),
};
