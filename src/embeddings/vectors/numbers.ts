/**
 * Decimal numbers straight from bytes. Number(text) would want a string for each of the tens of millions of
 * numbers in a file of vectors, and takes several times as long.
 */
import { halfOverflow } from '../../core/half.js';

const space = 0x20;
const tab = 0x09;

/** Whether half precision can hold it; false for NaN too. */
export const isStorable = (value: number): boolean => Math.abs(value) < halfOverflow;

export const isBlank = (byte: number): boolean => byte === space || byte === tab;

/**
 * Parses numbers between `from` and `to`, with blanks or `separator` between them, until `out` is full. Returns how
 * many there were: fewer than `out` holds when the bytes end or the next field is not a storable number.
 * Each is the double nearest to the decimal, rounded to f32.
 */
export function parseNumbers(
  bytes: Buffer,
  from: number,
  to: number,
  separator: number,
  out: Float32Array,
): number {
  let at = from;
  for (let n = 0; n < out.length; n++) {
    while (at < to && (isBlank(bytes[at]) || bytes[at] === separator)) at++;
    if (at === to) return n;

    const start = at;
    const negative = bytes[at] === 0x2d; // -
    if (negative) at++;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    for (; at < to; at++) {
      const digit = bytes[at] - 0x30;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
      } else if (digit === -2 && point < 0) point = at;
      else break;
    }
    const atEnd = at === to || isBlank(bytes[at]) || bytes[at] === separator;

    let value: number;
    if (atEnd && digits > 0 && digits <= 15) {
      // Both operands are exact (10^15 < 2^53), so the one division rounds correctly (Clinger, PLDI 1990).
      value = point < 0 ? mantissa : mantissa / powersOfTen[at - 1 - point];
      if (negative) value = -value;
    } else {
      while (at < to && !isBlank(bytes[at]) && bytes[at] !== separator) at++;
      const field = bytes.toString('latin1', start, at);
      value = isDecimal(field) ? Number(field) : Number.NaN;
    }
    if (!isStorable(value)) return n;
    out[n] = value;
  }
  return out.length;
}

const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a field is a decimal number, exponents included; unlike Number(), not for '' or '0x1f'. */
export const isDecimal = (field: string): boolean => decimal.test(field);
