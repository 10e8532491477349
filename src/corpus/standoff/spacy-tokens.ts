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
  const owned = tokens
    .flatMap((sentence, i) => sentence.map((token) => ({ ...token, sentence: i })))
    .filter((token) => !isSpace(slice(token.start, token.end)));

  let end = 0;
  const fill = (to: number, sentence: number) => {
    if (end < to) all.push({ start: end, end: to, text: slice(end, to), space: false, sentence, own: false });
  };
  owned.forEach((token, i) => {
    fill(token.start, owned[i - 1]?.sentence ?? token.sentence);
    const space = slice(token.end, token.end + 1) === ' ';
    all.push({ ...token, text: slice(token.start, token.end), space, own: true });
    end = token.end + (space ? 1 : 0);
  });
  fill(length, owned.at(-1)?.sentence ?? 0);
  return all;
}

/** Whether a text is white space alone, to Python or to JavaScript, which calls U+FEFF so: spaCy makes tokens of it, we do not. */
export function isSpace(text: string): boolean {
  return /^[\s\p{White_Space}]+$/u.test(text);
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
