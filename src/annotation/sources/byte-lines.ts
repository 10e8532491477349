/** The lines of an input as bytes, however its chunks fall, and cutters that put lines together to records. */
import type { Border, Cutter, Piece } from './kind.js';

/** A line with its end, `\n` or `\r\n`, which the last one may lack. */
export interface ByteLine extends Border {
  /** None where the line is longer than the limit. */
  readonly bytes?: Uint8Array;
  /** Bytes of it, whether they are there or not. */
  readonly size: number;
}

/** Puts lines together to records. */
export interface Grouping {
  add(line: ByteLine): Iterable<Piece>;
  end(): Iterable<Piece>;
  /** The beginning of the lines that are not in a record yet, if there are any. */
  pending(): Border | undefined;
  isReady(): boolean;
  /** Forgets such lines, for those that follow stand elsewhere. */
  reset(): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** `limit`: of a line, in bytes. */
export function cutLines(grouping: Grouping, limit: number): Cutter {
  let start: Border = { offset: 0, line: 0 };
  let parts: Uint8Array[] = [];
  let size = 0;

  function take(part: Uint8Array): void {
    size += part.length;
    if (size <= limit) parts.push(part);
    else parts = [];
  }

  function* finish(): Iterable<Piece> {
    const { offset, line } = start;
    const bytes = size > limit ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const mark = offset === 0 && bytes && byteOrderMark.every((byte, i) => bytes[i] === byte) ? 3 : 0;
    const rest = size - mark;
    start = { offset: offset + size, line: line + 1 };
    parts = [];
    size = 0;
    if (rest > 0)
      yield* grouping.add({ offset: offset + mark, line, bytes: bytes?.subarray(mark), size: rest });
  }

  return {
    *push(chunk) {
      for (let from = 0; from < chunk.length; ) {
        const at = chunk.indexOf(lineFeed, from);
        const to = at < 0 ? chunk.length : at + 1;
        take(chunk.subarray(from, to));
        if (at >= 0) yield* finish();
        from = to;
      }
    },
    *end() {
      if (size > 0) yield* finish();
      yield* grouping.end();
    },
    pending: () => grouping.pending() ?? start,
    isReady: grouping.isReady,
    moveTo(border) {
      start = border;
      parts = [];
      size = 0;
      grouping.reset();
    },
  };
}

/** The bytes of lines in a row, without the end of the last one. */
export function contentOf(lines: readonly ByteLine[]): Uint8Array {
  const bytes = lines.length === 1 ? lines[0].bytes! : Buffer.concat(lines.map((line) => line.bytes!));
  let end = bytes.length;
  if (bytes[end - 1] === lineFeed) end -= bytes[end - 2] === carriageReturn ? 2 : 1;
  return bytes.subarray(0, end);
}

/** Whether there is nothing but spaces and tabs in it. */
export function isBlank({ bytes }: ByteLine): boolean {
  return (
    bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === lineFeed || byte === carriageReturn) ??
    false
  );
}
