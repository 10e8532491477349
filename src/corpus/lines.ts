/** The lines of a text as offsets, so that readers can keep every character between two cells. */

export interface Line {
  /** Offsets of the content: without a byte order mark before it, without `\n` or `\r\n` after it. */
  readonly start: number;
  readonly end: number;
  /** Counts from 1. */
  readonly number: number;
}

const byteOrderMark = 0xfeff;
const carriageReturn = 0x0d;

export function* linesOf(text: string): Generator<Line> {
  let start = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  for (let number = 1; start < text.length; number++) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    const hasReturn = end > start && text.charCodeAt(end - 1) === carriageReturn;
    yield { start, end: hasReturn ? end - 1 : end, number };
    start = end + 1;
  }
}

/** Space and tab are all the white space there is: a non-breaking space is a character of a word. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isBlank(text: string, { start, end }: Line): boolean {
  for (let i = start; i < end; i++) if (!isSpace(text.charCodeAt(i))) return false;
  return true;
}

/** A stretch of a text: start and end offset. */
export type Bounds = readonly [start: number, end: number];

/** The fields of a line between runs of spaces and tabs. */
export function splitAtSpaces(text: string, { start, end }: Line): Bounds[] {
  const fields: Bounds[] = [];
  for (let i = start; i < end; ) {
    while (i < end && isSpace(text.charCodeAt(i))) i++;
    const first = i;
    while (i < end && !isSpace(text.charCodeAt(i))) i++;
    if (i > first) fields.push([first, i]);
  }
  return fields;
}

/** The fields of a line between single separators; two in a row have an empty field between them. */
export function splitAt(separator: string, text: string, { start, end }: Line): Bounds[] {
  // Searched in the line alone: in the whole text, a separator that is nowhere would be sought to the end each time.
  const content = text.slice(start, end);
  const fields: Bounds[] = [];
  let first = 0;
  for (let next = content.indexOf(separator); next >= 0; next = content.indexOf(separator, first)) {
    fields.push([start + first, start + next]);
    first = next + separator.length;
  }
  fields.push([start + first, end]);
  return fields;
}
