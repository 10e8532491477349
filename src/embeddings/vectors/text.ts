/**
 * Vectors as text, a word a line. GloVe's files start with the first word; those of word2vec and fastText have a line
 * `count dim` before it.
 */
import { TaggerError } from '../../core/errors.js';
import { createProblems } from './problems.js';
import { readRecords } from './records.js';
import { type Header, parseHeader, type VectorSource } from './source.js';
import { createTable } from './table.js';
import { parseTextRow } from './text-row.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from('\ufeff');

export const text: VectorSource = {
  detects: () => true,

  async read(chunks, file, head) {
    const { header, dim, start } = layoutOf(head, file);
    const problems = createProblems(file);
    const table = createTable(dim, header?.size);
    const numbers = new Float32Array(dim);
    let line = 0;

    function takeLine(bytes: Buffer, from: number, to: number): void {
      line++;
      if (line === 1 && header) return;
      if (line === 1) from += start;
      const word = parseTextRow(bytes, from, withoutLineEnd(bytes, from, to), numbers);
      if (typeof word === 'string') {
        table.append(word, numbers);
        return;
      }
      const column = bytes.toString('utf8', from, word.at).length + 1;
      problems.add(word.problem, { line, column });
    }

    const rest = await readRecords(chunks, file, {
      end: (bytes, from) => bytes.indexOf(lineFeed, from) + 1 || -1,
      take: takeLine,
    });
    if (rest.length > 0) takeLine(rest, 0, rest.length);

    if (header && line - 1 !== header.size) {
      const message = 'the first line promises another number of rows; the file may be cut';
      const problem = { message, expected: `${header.size} rows`, found: `${line - 1}` };
      problems.add(problem, { line: 1, column: 1 });
    }
    problems.raise();
    return table.finish();
  },
};

/** What the first line says of all: its header if it is one, else the numbers of the first row count. */
function layoutOf(head: Buffer, file: string): { header?: Header; dim: number; start: number } {
  const start = head.indexOf(byteOrderMark) === 0 ? byteOrderMark.length : 0;
  const first = head.toString('utf8', start).split('\n', 1)[0].trimEnd();
  const header = parseHeader(first);
  const dim = header?.dim ?? first.split(/[ \t]+/).length - 1;
  if (dim >= 1) return { header, dim, start };
  throw new TaggerError('E_VECTORS', {
    message: 'there are no word vectors in this file',
    place: { file, line: 1, column: 1 },
    expected: 'a word and its numbers on each line, perhaps a line "count dim" before',
    found: first.length > 60 ? `${first.slice(0, 60)}…` : first || 'an empty line',
  });
}

function withoutLineEnd(bytes: Buffer, from: number, to: number): number {
  if (to > from && bytes[to - 1] === lineFeed) to--;
  if (to > from && bytes[to - 1] === carriageReturn) to--;
  return to;
}
