/**
 * Where the tokens of JSON end, for files too large for JSON.parse. An array of numbers is one token, so that it can
 * be parsed at one go; every other bracket is a token of its own.
 */
import { decodeWord } from './words.js';

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;

export interface Token {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Skips blanks, line ends, commas and colons: what the tokens are says where these belong. */
export function startOfToken(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] <= 0x20 || bytes[at] === comma || bytes[at] === colon)) at++;
  return at;
}

/** Index after the token that starts at `start`; -1 when `bytes` may not hold all of it. */
export function endOfToken(bytes: Buffer, start: number): number {
  if (start === bytes.length) return -1;
  switch (bytes[start]) {
    case quote:
      return endOfString(bytes, start);
    case openBracket: {
      const first = startOfToken(bytes, start + 1);
      if (first === bytes.length) return -1;
      return startsNumber(bytes[first]) ? bytes.indexOf(closeBracket, first) + 1 || -1 : start + 1;
    }
    case closeBracket:
    case openBrace:
    case closeBrace:
      return start + 1;
    default:
      return endOfScalar(bytes, start);
  }
}

function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at + 1;
  }
  return -1;
}

function endOfScalar(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte <= 0x20 || byte === comma || byte === colon || byte === closeBracket || byte === closeBrace)
      return at;
  }
  return -1;
}

const startsNumber = (byte: number) => byte === 0x2d || (byte >= 0x30 && byte <= 0x39);

export const isMark = ({ bytes, from }: Token, mark: '{' | '}' | '[' | ']'): boolean =>
  bytes[from] === mark.charCodeAt(0);

/** The value of a string token; undefined when the token is none, or is not UTF-8, or has a wrong escape. */
export function parseString({ bytes, from, to }: Token): string | undefined {
  if (bytes[from] !== quote) return undefined;
  const text = decodeWord(bytes, from + 1, to - 1);
  if (!text?.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return undefined;
  }
}
