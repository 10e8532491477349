/** Words by the alphabet of a language, as far as natural knows it (Finnish), else of Latin and Cyrillic. */
import { z } from 'zod';
import { align } from './align.js';
import { naturalModule } from './natural.js';
import { plainLetters } from './plain-letters.js';
import type { TokenizerKind } from './tokenizer.js';

const options = z.strictObject({
  kind: z.literal('orthography'),
  language: z
    .string()
    .regex(/^[a-z]{2}$/, 'a language code of two letters, such as fi')
    .default('fi'),
});

export const orthography: TokenizerKind<typeof options> = {
  options,
  create({ language }) {
    const tokenizer = new (naturalModule('regexp_tokenizer').OrthographyTokenizer)({ language });
    return {
      tokenize(text, base) {
        const seen = plainLetters(text);
        return align(text, tokenizer.tokenize(seen) ?? [], base, seen);
      },
    };
  },
};
