/**
 * One row of a text file: `word number … number`. The last fields are the numbers and all before them is the word,
 * because some words of GloVe contain spaces (`. . .`).
 */
import { isBlank, isDecimal, parseNumbers } from './numbers.js';
import { type Fault, unusableNumber, wrongWidth } from './problems.js';
import { decodeWord, notUtf8 } from './words.js';

const space = 0x20;

/** Fills `numbers` and returns the word, or says what is wrong. */
export function parseTextRow(bytes: Buffer, from: number, to: number, numbers: Float32Array): string | Fault {
  const start = lastFields(bytes, from, to, numbers.length);
  const wordEnd = trimEnd(bytes, from, start);
  if (wordEnd === from) {
    const found = fieldsOf(bytes, from, to).length - 1;
    return { problem: wrongWidth(numbers.length, found), at: to };
  }

  const word = decodeWord(bytes, from, wordEnd);
  if (word === undefined) return notUtf8(bytes, from, wordEnd);

  // A word may have spaces in it, yet a number at its end is a number too many.
  const before = lastFields(bytes, from, wordEnd, 1);
  if (before > from && isDecimal(bytes.toString('latin1', before, wordEnd))) {
    const found = numbersAtEnd(fieldsOf(bytes, from, to));
    return { problem: wrongWidth(numbers.length, found), at: before };
  }

  const parsed = parseNumbers(bytes, start, to, space, numbers);
  if (parsed === numbers.length) return word;
  const at = lastFields(bytes, start, to, numbers.length - parsed);
  return { problem: unusableNumber(fieldsOf(bytes, at, to)[0]), at };
}

/** Where the last `count` fields start; `from` when there are not more than those. */
function lastFields(bytes: Buffer, from: number, to: number, count: number): number {
  let at = to;
  for (let n = 0; n < count; n++) {
    at = trimEnd(bytes, from, at);
    while (at > from && !isBlank(bytes[at - 1])) at--;
  }
  return at;
}

function trimEnd(bytes: Buffer, from: number, to: number): number {
  while (to > from && isBlank(bytes[to - 1])) to--;
  return to;
}

const fieldsOf = (bytes: Buffer, from: number, to: number) =>
  bytes
    .toString('utf8', from, to)
    .trimEnd()
    .split(/[ \t]+/);

const numbersAtEnd = (fields: readonly string[]) =>
  fields.length - 1 - fields.findLastIndex((f) => !isDecimal(f));
