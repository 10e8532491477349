/** Entities of brat as fragments, which stop at the end of a line. */

/** Start and end, in UTF-16 code units. */
export type Fragment = readonly [start: number, end: number];

/** What Python takes for the end of a line, and the tab: none of it can stand in the column of the text. */
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

/** The stretch of fragments that have nothing but white space between them; undefined where there is more. */
export function join(text: string, fragments: readonly Fragment[]): Fragment | undefined {
  const inOrder = fragments.toSorted((a, b) => a[0] - b[0]);
  const gaps = inOrder.slice(1).map(([start], i) => text.slice(inOrder[i][1], start));
  if (gaps.some((gap) => /\S/.test(gap))) return undefined;
  return [inOrder[0][0], Math.max(...inOrder.map(([, end]) => end))];
}
