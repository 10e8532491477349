/** Tokens as in the Penn Treebank: contractions (`do n't`) and punctuation apart; the text is one sentence. */
import { z } from 'zod';
import { align } from './align.js';
import { naturalModule } from './natural.js';
import { plainLetters } from './plain-letters.js';
import type { TokenizerKind } from './tokenizer.js';

const options = z.strictObject({ kind: z.literal('treebank') });

/** Addresses, which every treebank keeps whole, as those of the web keep hashtags and names of users; the look-behinds keep the search linear. */
const address =
  /(?<!\w)(?:https?:\/\/|www\.)[^\s<>"]*[^\s<>"'.,;:!?)\]}]|(?<![\w.+-])[\w.+-]+@\w[\w-]*(?:\.[\w-]+)+|(?<![\w#@&/])[#@][A-Za-z_]\w*/g;
const beginnings = ['@', '#', '://', 'www.'];

/** Times of day and the like: `10:30`. */
const colonInNumber = /(?<=\d):(?=\d)/g;

export const treebank: TokenizerKind<typeof options> = {
  options,
  create() {
    const tokenizer = new (naturalModule('treebank_word_tokenizer'))();
    return {
      tokenize(text, base) {
        const seen = prepare(text);
        return align(text, tokenizer.tokenize(spaceOut(seen)) ?? [], base, seen);
      },
    };
  },
};

/** What natural would cut wrongly, written at equal length as something that it leaves whole. */
function prepare(text: string): string {
  let seen = plainLetters(text);
  if (beginnings.some((beginning) => seen.includes(beginning))) {
    seen = seen.replace(address, (match) => 'x'.repeat(match.length));
  }
  if (seen.includes(':')) seen = seen.replace(colonInNumber, '.');
  if (seen.includes('..')) seen = seen.replace(/\.{2,}/g, (dots) => '-'.repeat(dots.length));
  return seen;
}

/** Opening single quotes, closers with the full stop before them, and dashes: natural leaves them on their words. */
const openingQuote = /(?<!\S)'(?!(?:d|em|ll|m|n|re|s|t|tis|twas|ve)\b)(?=\w)/gi;
const closing = /(?<!["')\]])(\.?)(["')\]]+)$/;
const dashes = /-{2,}/g;

/** Spaces where natural should cut; they align to nothing. */
function spaceOut(seen: string): string {
  let spaced = seen.trimEnd();
  if (`"')]`.includes(spaced.at(-1) ?? '.')) {
    spaced = spaced.replace(closing, (_, stop: string, closers: string) => [' ', stop, ...closers].join(' '));
  }
  if (spaced.includes('--')) spaced = spaced.replace(dashes, ' $& ');
  return spaced.includes("'") ? spaced.replace(openingQuote, "' ") : spaced;
}
