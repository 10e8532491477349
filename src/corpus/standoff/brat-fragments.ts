/** Entities of brat as fragments, which stop at the end of a line. */

/** Start and end, in UTF-16 code units. */
export type Fragment = readonly [start: number, end: number];

/** Line breaks that are white space, and the tab: none of it can stand in the column of the text. */
const breaks = /\s*[\t\n\v\f\r\u2028\u2029]\s*/g;

/**
 * A stretch as brat writes it: cut at line breaks and tabs, with the white space around them. Undefined for one that begins
 * or ends with such a break.
 */
export function cut(text: string, start: number, end: number): Fragment[] | undefined {
  const fragments: Fragment[] = [];
  let from = start;
  for (const { index, 0: gap } of text.slice(start, end).matchAll(breaks)) {
    fragments.push([from, start + index]);
    from = start + index + gap.length;
  }
  fragments.push([from, end]);
  return fragments.every(([from, to]) => from < to) ? fragments : undefined;
}

/** The stretch of fragments in order that have nothing but white space between them; undefined for others. */
export function join(text: string, fragments: readonly Fragment[]): Fragment | undefined {
  const goOn = fragments.every(([start], i) => {
    const before = fragments[i - 1];
    return i === 0 || (start >= before[1] && !/\S/.test(text.slice(before[1], start)));
  });
  return goOn ? [fragments[0][0], fragments[fragments.length - 1][1]] : undefined;
}
