/** Offsets of one text in a unit, to UTF-16 code units. */
import type { OffsetUnit } from '../../text/offsets.js';

export interface Offsets {
  /** Of the whole text, in the unit. */
  readonly length: number;
  toUtf16(offset: number): number;
}

/** A lone surrogate is one code point, as in Python. */
export function offsetsOf(text: string, unit: OffsetUnit): Offsets {
  if (unit === 'utf16' || !/[\ud800-\udfff]/.test(text))
    return { length: text.length, toUtf16: (offset) => offset };
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) starts.push(at);
  return { length: starts.length, toUtf16: (offset) => starts[offset] ?? text.length };
}
