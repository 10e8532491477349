/** Tokens by the user's own regular expression: what it matches, or with `gaps` what lies between its matches. */
import { z } from 'zod';
import { align } from './align.js';
import { naturalModule } from './natural.js';
import type { TokenizerKind } from './tokenizer.js';

const options = z.strictObject({
  kind: z.literal('regexp'),
  pattern: z.string().min(1).refine(compiles, 'not a regular expression of JavaScript (flag u)'),
  gaps: z.boolean().default(false),
});

export const regexp: TokenizerKind<typeof options> = {
  options,
  create({ pattern, gaps }) {
    const { RegexpTokenizer } = naturalModule('regexp_tokenizer');
    const tokenizer = new RegexpTokenizer({ pattern: new RegExp(pattern, 'gu'), gaps });
    return { tokenize: (text, base) => align(text, tokenizer.tokenize(text) ?? [], base) };
  },
};

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'gu');
    return true;
  } catch {
    return false;
  }
}
