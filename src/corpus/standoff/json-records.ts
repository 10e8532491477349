/** A file of JSON records, a line each or all in one array: its first character says which. */
import type { Place, Problem } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import type { Source } from '../format.js';
import { isBlank, linesOf } from '../lines.js';

export interface JsonRecord {
  readonly value: unknown;
  readonly place: Place;
}

/** The records of a file in order, and in their place what is wrong where there is none. */
export function jsonRecords(source: Source): (JsonRecord | Problem)[] {
  const start = source.text.search(/[^\s\ufeff]/);
  if (start < 0) return [emptyFile(source)];
  if (source.text[start] === '[') return fromArray(source);
  const lines = fromLines(source);
  // One record over many lines, as an editor or `indent=2` writes it.
  const whole = 'value' in lines[0] ? undefined : parseJson(withoutMark(source.text));
  return whole ? [{ value: whole.value, place: { file: source.name, line: 1 } }] : lines;
}

function fromArray({ name, text }: Source): (JsonRecord | Problem)[] {
  const array = parseJson(withoutMark(text))?.value;
  if (!Array.isArray(array)) return [notJson(text, { file: name })];
  if (array.length === 0) return [emptyFile({ name, text })];
  return array.map((value, i) => ({ value, place: { file: name, record: `record ${i + 1}` } }));
}

function fromLines({ name, text }: Source): (JsonRecord | Problem)[] {
  const records: (JsonRecord | Problem)[] = [];
  for (const line of linesOf(text)) {
    if (isBlank(text, line)) continue;
    const content = text.slice(line.start, line.end);
    const parsed = parseJson(content);
    const place = { file: name, line: line.number };
    records.push(parsed ? { ...parsed, place } : notJson(content, place));
  }
  return records;
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function notJson(text: string, place: Place): Problem {
  return {
    message: 'no JSON',
    place,
    expected: 'a JSON object a line, or one array of them',
    found: excerptOf(text.trim()),
  };
}

function emptyFile({ name, text }: Source): Problem {
  return {
    message: 'the file has no record',
    place: { file: name, line: 1 },
    expected: 'at least one',
    found: text === '' ? 'an empty file' : excerptOf(text.trim()),
    hint: 'check that this is the right file',
  };
}

const excerptLength = 60;

/** The beginning of a text. */
export function excerptOf(text: string): string {
  return text.length <= excerptLength ? text : `${text.slice(0, excerptLength)}…`;
}

/** The beginning of a text as JSON writes it, so that white space can be seen. */
export function excerpt(text: string): string {
  const end = text.length <= excerptLength ? '' : '…';
  return `${JSON.stringify(text.slice(0, excerptLength))}${end}`;
}
