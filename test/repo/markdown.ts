/** As much of Markdown as the tests of README need: sections by their headings, and the cells of tables. */

/** The text under a heading, up to the next one of its level or above, without blocks of code. Throws when there is no such heading. */
export function section(markdown: string, heading: string): string {
  const lines = markdown.replace(/^```[\s\S]*?^```$/gm, '').split('\n');
  const level = (line: string) => /^(#+) /.exec(line)?.[1].length ?? Number.POSITIVE_INFINITY;
  const first = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (first < 0) throw new Error(`there is no heading "${heading}"`);
  const length = lines.slice(first + 1).findIndex((line) => level(line) <= level(lines[first]));
  return lines.slice(first + 1, length < 0 ? undefined : first + 1 + length).join('\n');
}

/** The rows of all tables, cells without the backticks around them; heads and rules are rows too. */
export function tableRows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}
