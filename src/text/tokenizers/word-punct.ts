/** Words, numbers, and every other character by itself. */
import { z } from 'zod';
import { align } from './align.js';
import { naturalModule } from './natural.js';
import { plainLetters } from './plain-letters.js';
import type { TokenizerKind } from './tokenizer.js';

const options = z.strictObject({ kind: z.literal('word-punct') });

export const wordPunct: TokenizerKind<typeof options> = {
  options,
  create() {
    const tokenizer = new (naturalModule('regexp_tokenizer').WordPunctTokenizer)();
    return {
      tokenize(text, base) {
        const seen = plainLetters(text);
        return align(text, tokenizer.tokenize(seen) ?? [], base, seen);
      },
    };
  },
};
