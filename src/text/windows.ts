/** Intl.Segmenter takes time quadratic in the length of its text (1 MB: 9 s), so it is shown one window at a time. */

import { isSpace } from './white-space.js';

const size = 1000;

/** The text in pieces of at most 1,000 code units, cut behind a word where there is one, else anywhere. */
export function* windows(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > size) {
    const limit = start + size;
    let end = limit;
    while (end > start + size / 2 && !isBehindWord(text, end)) end--;
    if (end <= start + size / 2) end = isLowSurrogate(text, limit) ? limit - 1 : limit;
    yield text.slice(start, end);
    start = end;
  }
  yield text.slice(start);
}

function isBehindWord(text: string, index: number): boolean {
  return isSpace(text.charCodeAt(index)) && !isSpace(text.charCodeAt(index - 1));
}

function isLowSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}
