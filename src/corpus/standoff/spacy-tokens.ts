/**
 * Tokens as spaCy has them, and Prodigy with it: they make up the whole text, but for one space after each. White space
 * beyond that space is a token of its own.
 */
import type { Offsets } from '../../text/offsets.js';
import type { StandoffRecord, StandoffToken } from './format.js';

export interface SpacyToken extends StandoffToken {
  readonly text: string;
  /** Whether a space follows that belongs to it. */
  readonly space: boolean;
  /** Of the record; what is between two sentences belongs to the first. */
  readonly sentence: number;
  /** Whether it is a token of the record, not what lies between two. */
  readonly own: boolean;
}

/** All of the text of a record as tokens. Offsets stay in the unit of the record. */
export function spacyTokens(
  { text, tokens = [] }: StandoffRecord,
  { length, toUtf16 }: Offsets,
): SpacyToken[] {
  const all: SpacyToken[] = [];
  const slice = (start: number, end: number) => text.slice(toUtf16(start), toUtf16(end));
  let at = 0;
  const fill = (to: number, sentence: number) => {
    if (at < to) all.push({ start: at, end: to, text: slice(at, to), space: false, sentence, own: false });
  };
  tokens.forEach((list, sentence) => {
    for (const { start, end, label, score, text: stored } of list) {
      const own = stored ?? slice(start, end);
      if (isSpace(own)) continue;
      fill(start, all.at(-1)?.sentence ?? sentence);
      const space = text[toUtf16(end)] === ' ';
      all.push({ start, end, text: own, label, score, space, sentence, own: true });
      at = space ? end + 1 : end;
    }
  });
  fill(length, all.at(-1)?.sentence ?? 0);
  return all;
}

/**
 * Whether a text is white space alone, of which spaCy makes tokens and we do not. To Python U+0085 is white space, to
 * JavaScript U+FEFF.
 */
export function isSpace(text: string): boolean {
  return text !== '' && !/[^\s\x85]/.test(text);
}

/** Finds the first and last token of a stretch; undefined for one that does not fall on their edges. */
export function tokenSpans(tokens: readonly SpacyToken[]) {
  const firsts = new Map(tokens.map(({ start }, i) => [start, i]));
  const lasts = new Map(tokens.map(({ end }, i) => [end, i]));
  return ({ start, end }: { readonly start: number; readonly end: number }) => {
    const [first, last] = [firsts.get(start), lasts.get(end)];
    return first === undefined || last === undefined ? undefined : { first, last };
  };
}
