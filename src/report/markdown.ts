/** The verdict and the tables of a report for a place that shows Markdown. */
import { systemsOf } from './columns.js';
import type { Comparison } from './comparison.js';
import { count, score } from './figures.js';
import { aboutFigures, aboutTest } from './notes.js';
import { shownSystems } from './shown.js';
import { plain, verdict } from './verdict.js';

export function markdown(comparison: Comparison): string {
  const { phrases } = verdict(comparison);
  return `# ${inText(comparison.corpus.title ?? comparison.corpus.name)}: is it worth it?

**${inText(plain(phrases))}**

${inText(aboutTest(comparison))}

## Systems

${systemsTable(comparison)}

${inText(aboutFigures(comparison))}

## Labels

F1 of each label, and how many of it are in the annotation.

${labelsTable(comparison)}
`;
}

function systemsTable(comparison: Comparison): string {
  const { heads, rows } = systemsOf(comparison);
  return table(
    heads,
    rows.map(({ system, cells }) => [
      inText(system.name),
      ...cells.map(({ text, isBest }) => (isBest ? `**${text}** ★` : text)),
    ]),
  );
}

function labelsTable(comparison: Comparison): string {
  const shown = shownSystems(comparison);
  const rows = Object.entries(shown[0].system.scores.byLabel).map(([label, { gold }]) => [
    inText(label),
    count(gold),
    ...shown.map(({ system }) => score(system.scores.byLabel[label]?.f1 ?? 0)),
  ]);
  return table(['Label', 'Annotated', ...shown.map(({ system }) => inText(system.name))], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Text of others means nothing to Markdown, and stays on its line. */
const inText = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\\`*_[\]<>|#&~]/g, '\\$&');
