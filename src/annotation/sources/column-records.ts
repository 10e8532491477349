/**
 * Documents of CoNLL and CoNLL-U. In a file that begins with a mark of a new document, a document is what stands
 * between two marks; in any other, every sentence is one, so that a file of any length fits.
 */
import { type ByteLine, contentOf, cutLines, type Grouping, isBlank } from './byte-lines.js';
import { type Cutter, type Piece, tooLong } from './kind.js';

/** What a line is when it is not blank: a mark of a new document, a comment, or a token. */
export type RowKind = 'mark' | 'comment' | 'row';

/** `limit`: of a document, in bytes. */
export function cutColumns(kindOf: (line: Buffer) => RowKind, limit: number): Cutter {
  return cutLines(groupColumns(kindOf, limit), limit);
}

function groupColumns(kindOf: (line: Buffer) => RowKind, limit: number): Grouping {
  let unit: 'document' | 'sentence' | undefined;
  let lines: ByteLine[] = [];
  let size = 0;
  /** Whether the lines hold what makes a record: a mark, or a token. */
  let isRecord = false;

  function gather(line: ByteLine): void {
    size += line.size;
    // The first line stays in any case: it is the place of what is lost.
    if (size <= limit || lines.length === 0) lines.push(line);
    else lines = lines.slice(0, 1);
  }

  function* take(): Iterable<Piece> {
    if (isRecord) {
      const { offset, line } = lines[0];
      yield size > limit ? { offset, line, ...tooLong(limit) } : { offset, line, bytes: contentOf(lines) };
    }
    reset();
  }

  function reset(): void {
    lines = [];
    size = 0;
    isRecord = false;
  }

  return {
    *add(line) {
      if (isBlank(line)) {
        if (unit === 'document') gather(line);
        else yield* take();
        return;
      }
      // A line beyond the limit is none that could be told from others.
      const kind = line.bytes
        ? kindOf(Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.size))
        : 'row';
      if (kind !== 'comment') unit ??= kind === 'mark' ? 'document' : 'sentence';
      if (kind === 'mark') yield* take();
      isRecord ||= kind === 'row' || (kind === 'mark' && unit === 'document');
      gather(line);
    },
    end: take,
    pending: () => lines[0],
    isReady: () => unit !== undefined,
    reset,
  };
}
