/**
 * Converted vectors as bytes, in four sections that each start at a multiple of 8, all little-endian:
 *   magic (4 bytes), length of the JSON (u32), JSON, blanks
 *   for each word where it ends in the text of all words, in UTF-16 code units (u32)
 *   that text: all words one after the other, in UTF-8
 *   the vectors, words × dim numbers in half precision (f16)
 * Half precision halves GloVe's 341,479 × 100 numbers to 68 MB; its rounding of at most 2^-11 is nothing to
 * fine-tuning, which moves the numbers by far more in its first epoch.
 */
import type { VectorTable } from './table.js';

/** To be raised when the format changes: it is part of a cache file's name. */
export const formatVersion = 1;

interface Header {
  readonly dim: number;
  readonly size: number;
  readonly textBytes: number;
  readonly duplicates: number;
}

const magic = 'TGWV';
const prefixBytes = 8;

const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;

/** Where the sections start. */
function layoutOf({ dim, size, textBytes }: Header, jsonBytes: number) {
  const ends = aligned(prefixBytes + jsonBytes);
  const text = aligned(ends + 4 * size);
  const halves = aligned(text + textBytes);
  return { ends, text, halves, total: halves + 2 * size * dim };
}

/** The bytes of a table: all but the vectors, then the vectors themselves (a view). */
export function encodeTable({ dim, words, halves, duplicates }: VectorTable): [Buffer, Buffer] {
  const text = Buffer.from(words.join(''));
  const header: Header = { dim, size: words.length, textBytes: text.length, duplicates };
  const json = JSON.stringify(header);
  const layout = layoutOf(header, json.length);

  const bytes = Buffer.alloc(layout.halves, ' ');
  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(json.length, magic.length);
  bytes.write(json, prefixBytes, 'latin1');
  let end = 0;
  for (let row = 0; row < words.length; row++) {
    end += words[row].length;
    bytes.writeUInt32LE(end, layout.ends + 4 * row);
  }
  text.copy(bytes, layout.text);
  return [bytes, Buffer.from(halves.buffer, halves.byteOffset, halves.byteLength)];
}

/** The table in `bytes` (whose vectors it goes on using); undefined when they are not what `encodeTable` writes. */
export function decodeTable(bytes: Buffer): VectorTable | undefined {
  if (bytes.length < prefixBytes || bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  const jsonBytes = bytes.readUInt32LE(magic.length);
  const header = parseHeader(bytes.toString('latin1', prefixBytes, prefixBytes + jsonBytes));
  if (!header) return undefined;
  const { dim, size, textBytes, duplicates } = header;
  const layout = layoutOf(header, jsonBytes);
  if (bytes.length !== layout.total) return undefined;

  const ends = new Uint32Array(bytes.buffer, bytes.byteOffset + layout.ends, size);
  const text = bytes.toString('utf8', layout.text, layout.text + textBytes);
  const words = new Array<string>(size);
  const rows = new Map<string, number>();
  for (let row = 0; row < size; row++) {
    words[row] = text.slice(row > 0 ? ends[row - 1] : 0, ends[row]);
    rows.set(words[row], row);
  }
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset + layout.halves, size * dim);
  return { dim, words, rows, halves, duplicates };
}

function parseHeader(json: string): Header | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
