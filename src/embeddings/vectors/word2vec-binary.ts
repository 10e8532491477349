/**
 * word2vec's binary format: the line `count dim`, then for each word its bytes, a space and dim little-endian f32.
 * Some writers put a line feed after each row, some do not.
 */
import { isStorable } from './numbers.js';
import { createProblems, type Fault, unusableNumber } from './problems.js';
import { readRecords } from './records.js';
import { type Header, parseHeader, type VectorSource } from './source.js';
import { createTable } from './table.js';
import { decodeWord, notUtf8 } from './words.js';

const lineFeed = 0x0a;
const space = 0x20;

export const word2vecBinary: VectorSource = {
  detects(head) {
    const header = headerOf(head);
    if (!header) return false;
    // Where the first row has its floats, text has no control characters, and floats all but always have some.
    const vector = head.indexOf(space, header.end) + 1;
    const floats = head.subarray(vector, vector + 4 * header.dim);
    return floats.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  },

  async read(chunks, file, head) {
    const header = headerOf(head)!;
    const problems = createProblems(file);
    const table = createTable(header.dim, header.size);
    const numbers = new Float32Array(header.dim);
    let rowsRead = 0;
    let offset = 0;

    const rest = await readRecords(chunks, file, {
      end(bytes, from) {
        if (offset === 0) return header.end <= bytes.length ? header.end : -1;
        if (rowsRead === header.size) return -1;
        const wordEnd = bytes.indexOf(space, from);
        const end = wordEnd + 1 + 4 * header.dim;
        return wordEnd < 0 || end > bytes.length ? -1 : end;
      },
      take(bytes, from, to) {
        if (offset > 0) {
          rowsRead++;
          const word = parseRow(bytes, from, to, numbers);
          if (typeof word === 'string') table.append(word, numbers);
          else {
            const record = `row ${rowsRead}, byte ${offset + word.at - from}`;
            problems.add(word.problem, { record });
          }
        }
        offset += to - from;
      },
    });

    const unread = rest.length - (rest[0] === lineFeed ? 1 : 0);
    if (rowsRead < header.size || unread > 0) {
      const problem = {
        message: rowsRead < header.size ? 'the file is cut' : 'the file goes on after its last row',
        expected: `${header.size} rows of ${header.dim} numbers, as the first line says`,
        found: `${rowsRead} rows and ${unread} bytes`,
      };
      problems.add(problem, { record: `row ${rowsRead + 1}, byte ${offset}` });
    }
    problems.raise();
    return table.finish();
  },
};

function headerOf(head: Buffer): (Header & { end: number }) | undefined {
  const end = head.indexOf(lineFeed) + 1;
  const header = parseHeader(head.toString('latin1', 0, Math.min(end, 64)).trimEnd());
  return header && { ...header, end };
}

/** Fills `numbers` and returns the word, or says what is wrong. */
function parseRow(bytes: Buffer, from: number, to: number, numbers: Float32Array): string | Fault {
  const wordStart = bytes[from] === lineFeed ? from + 1 : from;
  const vector = to - 4 * numbers.length;
  const word = decodeWord(bytes, wordStart, vector - 1);
  if (word === undefined) return notUtf8(bytes, wordStart, vector - 1);

  const floats = new DataView(bytes.buffer, bytes.byteOffset + vector, to - vector);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = floats.getFloat32(4 * i, true);
    if (!isStorable(numbers[i])) return { problem: unusableNumber(`${numbers[i]}`), at: vector + 4 * i };
  }
  return word;
}
