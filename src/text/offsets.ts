/** What an offset into a text counts. JavaScript counts UTF-16 code units; Python and the tools written in it, code points. */

export const offsetUnits = ['utf16', 'codepoint'] as const;

export type OffsetUnit = (typeof offsetUnits)[number];

/** The offsets of one text, counted in one unit, to and from UTF-16 code units. */
export interface Offsets {
  /** Of the whole text. */
  readonly length: number;
  /** An offset in UTF-16 code units. That within a surrogate pair counts the pair. */
  toUtf16(offset: number): number;
  /** What an offset in UTF-16 code units is in the unit. One beyond the text stays as far beyond it. */
  ofUtf16(offset: number): number;
}

/**
 * Converts offsets of a text. A lone surrogate is one code point, as in Python. Takes one pass over the text, then the
 * logarithm of its surrogate pairs an offset; texts of Latin-1 cost nothing, which a regular expression sees at once.
 *
 * @example
 * offsetsOf('😀 Ada', 'codepoint').toUtf16(2); // 3
 */
export function offsetsOf(text: string, unit: OffsetUnit): Offsets {
  const pairs = unit === 'utf16' ? [] : surrogatePairs(text);
  if (pairs.length === 0) return { length: text.length, toUtf16: same, ofUtf16: same };
  return {
    length: text.length - pairs.length,
    toUtf16: (offset) => offset + countBelow(pairs.length, (i) => pairs[i] - i < offset),
    ofUtf16: (offset) => offset - countBelow(pairs.length, (i) => pairs[i] + 1 < offset),
  };
}

const same = (offset: number) => offset;

/** Where each begins. */
function surrogatePairs(text: string): number[] {
  const starts: number[] = [];
  const pair = /[\ud800-\udbff][\udc00-\udfff]/g;
  while (pair.test(text)) starts.push(pair.lastIndex - 2);
  return starts;
}

/** How many indices from 0 hold, where all that hold come before all that do not. */
function countBelow(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether an offset in UTF-16 code units falls between the two halves of one character. */
export function isInSurrogatePair(text: string, offset: number): boolean {
  return isSurrogate(text, offset - 1, 0xd800) && isSurrogate(text, offset, 0xdc00);
}

function isSurrogate(text: string, index: number, first: 0xd800 | 0xdc00): boolean {
  return (text.charCodeAt(index) & 0xfc00) === first;
}
