/** Words as the sources hold them: UTF-8. */
import { isUtf8 } from 'node:buffer';
import type { Fault } from './problems.js';

const replacement = '\ufffd';

/** The text of some bytes, undefined when they are not UTF-8. */
export function decodeWord(bytes: Buffer, from: number, to: number): string | undefined {
  const word = bytes.toString('utf8', from, to);
  // A wrong byte becomes the replacement character, so that the second check is seldom needed.
  return word.includes(replacement) && !isUtf8(bytes.subarray(from, to)) ? undefined : word;
}

/** What is wrong with bytes that `decodeWord` refused. */
export function notUtf8(bytes: Buffer, from: number, to: number): Fault {
  const right = bytes.toString('utf8', from, to).split(replacement, 1)[0];
  const at = from + Buffer.byteLength(right);
  const found = `byte 0x${bytes[at].toString(16).padStart(2, '0')}`;
  return { problem: { message: 'the word is not UTF-8', found, hint: 'convert the file to UTF-8' }, at };
}
