/** Give strings that were cut from a text their offsets in it. */
import type { Token } from '../document.js';
import { skipSpace } from '../white-space.js';

/** The text between the pieces: words, and runs of one and the same other character. */
const leftover = /[\p{L}\p{M}\p{N}_]+|(\S)\1*/gu;

/** What never begins a token, because a reader sees one character: marks, joiners, skin tones. */
const extender = /^(?:\p{M}|\u200d|\p{Emoji_Modifier})/u;

/**
 * The tokens of `text` that `pieces` name, in order; every offset has `base` added. Whatever of the text lies between
 * them and is not white space becomes tokens of its own, so that nothing is lost. `seen` is what the pieces were cut
 * from, if that is not the text itself: as long as the text, and equal to it position by position. Linear in the
 * length of the text as long as the pieces do occur in it.
 */
export function align(
  text: string,
  pieces: Iterable<string | undefined>,
  base = 0,
  seen: string = text,
): Token[] {
  const tokens: Token[] = [];
  let cursor = 0;

  const add = (start: number, end: number) => {
    const last = tokens.at(-1);
    if (last?.end === base + start && isInsideCharacter(text, start, last.text)) {
      tokens[tokens.length - 1] = {
        text: text.slice(last.start - base, end),
        start: last.start,
        end: base + end,
      };
    } else {
      tokens.push({ text: text.slice(start, end), start: base + start, end: base + end });
    }
  };
  const addLeftover = (end: number) => {
    cursor = skipSpace(text, cursor, end);
    if (cursor === end) return;
    for (const match of text.slice(cursor, end).matchAll(leftover)) {
      add(cursor + match.index, cursor + match.index + match[0].length);
    }
  };

  for (const piece of pieces) {
    if (!piece || skipSpace(piece, 0, piece.length) === piece.length) continue;
    cursor = skipSpace(text, cursor, text.length);
    const start = seen.startsWith(piece, cursor) ? cursor : seen.indexOf(piece, cursor);
    if (start < 0) continue;
    addLeftover(start);
    cursor = start + piece.length;
    add(start, cursor);
  }
  addLeftover(text.length);
  return tokens;
}

/** Whether what begins at an index is no character of its own, but goes on with the token `before`. */
function isInsideCharacter(text: string, index: number, before: string): boolean {
  const code = text.charCodeAt(index);
  if (code < 0x300) return false;
  const isLowSurrogate = code >= 0xdc00 && code <= 0xdfff;
  if (isLowSurrogate) return index > 0 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
  if (isRegionalIndicator(text, index)) return regionalIndicators(before) % 2 === 1;
  return text[index - 1] === '\u200d' || extender.test(text.slice(index, index + 2));
}

/** One of the letters that make a flag by twos, all of which have the same first half. */
function isRegionalIndicator(text: string, index: number): boolean {
  const code = text.charCodeAt(index + 1);
  return text.charCodeAt(index) === 0xd83c && code >= 0xdde6 && code <= 0xddff;
}

/** How many of them a text ends with. */
function regionalIndicators(text: string): number {
  let count = 0;
  for (let at = text.length - 2; at >= 0 && isRegionalIndicator(text, at); at -= 2) count++;
  return count;
}
