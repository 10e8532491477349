/** White space, character by character: far faster than an expression where most characters are ASCII. */

/** The first index from `from` that holds no white space, or `end`. */
export function skipSpace(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && isSpace(text.charCodeAt(index))) index++;
  return index;
}

/** As `\s` of a regular expression. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13);
  return code >= 0xa0 && /\s/.test(String.fromCharCode(code));
}
