/** Strict UTF-8: a byte that is none is reported with its place instead of turning into U+FFFD. */
import { isUtf8 } from 'node:buffer';
import { type Problem, TaggerError } from '../core/errors.js';

/**
 * The text of a file, a byte order mark included. Throws E_CORPUS_FORMAT with the first bad byte of every line.
 * `before`: bytes of the file before these, for the message.
 */
export function decodeUtf8(bytes: Uint8Array, name: string, before = 0): string {
  if (!isUtf8(bytes)) throw new TaggerError('E_CORPUS_FORMAT', badLines(bytes, name, before));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

const lineFeed = 0x0a;

function badLines(bytes: Uint8Array, name: string, before: number): Problem[] {
  const problems: Problem[] = [];
  const hint = isUtf16(bytes)
    ? 'the file is UTF-16; convert it, for example with iconv -f UTF-16 -t UTF-8'
    : 'convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8';
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const next = bytes.indexOf(lineFeed, start);
    const end = next < 0 ? bytes.length : next;
    const content = bytes.subarray(start, end);
    if (!isUtf8(content)) {
      const { offset, column } = firstBadByte(content);
      const byte = content[offset].toString(16).padStart(2, '0').toUpperCase();
      problems.push({
        message: 'the file is not UTF-8',
        place: { file: name, line, column },
        expected: 'text in UTF-8',
        found: `byte 0x${byte} at offset ${before + start + offset}`,
        hint,
      });
    }
    start = end + 1;
  }
  return problems;
}

/** Good bytes that are skipped at once. */
const block = 4096;

/** Feeds a decoder byte by byte: the last position at which it was between two characters is where it went wrong. */
function firstBadByte(line: Uint8Array): { offset: number; column: number } {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let offset = 0;
  let column = 1;
  for (let end = block; end < line.length; end += block) {
    while (isContinuation(line[end])) end++;
    const good = line.subarray(offset, end);
    if (!isUtf8(good)) break;
    offset = end;
    column += decoder.decode(good).length;
  }
  try {
    for (let i = offset; i < line.length; i++) {
      const text = decoder.decode(line.subarray(i, i + 1), { stream: true });
      if (text === '') continue;
      offset = i + 1;
      column += text.length;
    }
  } catch {
    // The place where it stopped is the answer.
  }
  return { offset, column };
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
