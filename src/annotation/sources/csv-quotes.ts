/**
 * Where quoted cells of CSV begin and end, by bytes. fast-csv and RFC 4180 agree on it: a quote at the very start of a
 * cell opens a quotation (white space may stand before it), two inside of it stand for one, and behind the closing one
 * the cell ends. A quote anywhere else is a character.
 */

/**
 * What a line leaves behind: a complete row, a quotation that is open at its end, or one that was closed inside of a
 * cell, which is an error.
 */
export type LineState = 'closed' | 'open' | 'broken';

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A function of a line and whether a quotation is open at its start. */
export function quoteScanner(delimiter: number): (line: Uint8Array, isOpen: boolean) => LineState {
  const isSpace = (byte: number) => (byte === 0x20 || byte === 0x09) && byte !== delimiter;

  function afterSpaces(line: Uint8Array, from: number): number {
    let at = from;
    while (isSpace(line[at])) at++;
    return at;
  }

  return (line, isOpenBefore) => {
    if (!line.includes(quote)) return isOpenBefore ? 'open' : 'closed';
    let isOpen = isOpenBefore;
    for (let at = 0; ; at++) {
      if (!isOpen) {
        const start = afterSpaces(line, at);
        isOpen = line[start] === quote;
        at = isOpen ? start + 1 : at;
      }
      if (isOpen) {
        at = closingQuote(line, at);
        if (at < 0) return 'open';
        at = afterSpaces(line, at + 1);
        if (at === line.length || line[at] === lineFeed || line[at] === carriageReturn) return 'closed';
        if (line[at] !== delimiter) return 'broken';
        isOpen = false;
      } else {
        at = line.indexOf(delimiter, at);
        if (at < 0) return 'closed';
      }
    }
  };
}

function closingQuote(line: Uint8Array, from: number): number {
  let at = line.indexOf(quote, from);
  while (at >= 0 && line[at + 1] === quote) at = line.indexOf(quote, at + 2);
  return at;
}
