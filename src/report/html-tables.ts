/** Tables of the page. Each stands in a box that scrolls where it is wider than the page. */
import type { GroupScores } from '../evaluation/index.js';
import { type ErrorKind, errorKinds } from '../evaluation/index.js';
import { metricOf, systemsOf } from './columns.js';
import type { Comparison, SystemReport } from './comparison.js';
import { absent, count, score } from './figures.js';
import { type Content, html, type Markup } from './markup.js';
import type { ShownSystem } from './shown.js';

export const scrolling = (label: string, content: Content): Markup =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">
${content}
</div>`;

/** The first column holds the names of the rows. */
export interface Table {
  readonly caption: string;
  readonly classes?: string;
  readonly head: readonly Content[];
  readonly rows: readonly { readonly head: Content; readonly cells: readonly Content[] }[];
}

/** A cell that is no `Markup` becomes a `td`. */
export function table({ caption, classes = 'plain', head, rows }: Table): Markup {
  const cell = (content: Content) => (isCell(content) ? content : html`<td>${content}</td>`);
  const body = rows.map(({ head, cells }) => html`<tr><th scope="row">${head}</th>${cells.map(cell)}</tr>\n`);
  return scrolling(
    caption,
    html`<table class="${classes}"><caption>${caption}</caption>
<thead><tr>${head.map((content) => html`<th scope="col">${content}</th>`)}</tr></thead>
<tbody>
${body}</tbody></table>`,
  );
}

const isCell = (content: Content): boolean =>
  typeof content === 'object' && 'text' in content && content.text.startsWith('<td');

/** A user's text, in its own direction. */
export const name = (text: string): Markup => html`<bdi>${text}</bdi>`;

export function systemsTable(comparison: Comparison): Markup {
  const { heads, rows } = systemsOf(comparison);
  return table({
    caption: 'Systems on the same words',
    head: heads,
    rows: rows.map(({ system, cells }) => ({
      head: html`${name(system.name)}<small>${name(system.description)}</small>`,
      cells: cells.map(({ text, isBest }) =>
        isBest ? html`<td class="best">${text} <span role="img" aria-label="best">★</span></td>` : text,
      ),
    })),
  });
}

export function labelsTable(shown: readonly ShownSystem[]): Markup {
  const [{ system: first }] = shown;
  return table({
    caption: 'F1 of each label',
    classes: 'labels',
    head: ['Label', 'Annotated', ...shown.map(({ system }) => name(system.name))],
    rows: Object.entries(first.scores.byLabel).map(([label, { gold }]) => ({
      head: name(label),
      cells: [count(gold), ...shown.map(({ system }) => score(system.scores.byLabel[label]?.f1 ?? 0))],
    })),
  });
}

const groupings = [
  ['byWords', 'words that training has seen, or not'],
  ['byForm', 'forms that training has labelled, or not'],
  ['byLength', 'length in words'],
  ['bySentenceLength', 'length of the sentence in words'],
] as const;

/** A table for each way to group what is annotated; a group without annotation has no score. */
export function breakdownTables(comparison: Comparison, shown: readonly ShownSystem[]): Markup[] {
  const metric = metricOf(comparison);
  return groupings.flatMap(([key, title]) => {
    const groups: GroupScores | undefined = shown[0].system.breakdown[key];
    if (groups === undefined || (key === 'byLength' && !comparison.corpus.hasSpans)) return [];
    const cell = ({ system }: ShownSystem, group: string) => {
      const of = system.breakdown[key]?.[group];
      return of && of.gold > 0 ? score(of.f1) : absent;
    };
    return table({
      caption: `${metric === 'F1' ? metric : 'Accuracy'} by ${title}`,
      classes: 'labels',
      head: ['Group', 'Annotated', ...shown.map(({ system }) => name(system.name))],
      rows: Object.entries(groups).map(([group, { gold }]) => ({
        head: group,
        cells: [count(gold), ...shown.map((one) => cell(one, group))],
      })),
    });
  });
}

export function errorsTable({ corpus }: Comparison, shown: readonly ShownSystem[]): Markup {
  const kinds = corpus.hasSpans ? (Object.keys(errorKinds) as ErrorKind[]) : (['type'] as const);
  return table({
    caption: 'Errors by kind',
    classes: 'labels',
    head: ['System', 'Correct', ...kinds.map((kind) => `${kind}: ${errorKinds[kind]}`)],
    rows: shown.map(({ system }) => ({
      head: name(system.name),
      cells: [count(system.errors.correct), ...kinds.map((kind) => count(system.errors.counts[kind]))],
    })),
  });
}

/** The labels that occur most in the annotation, and what they were taken for. A word always has a label; a span may have none. */
export function confusionTable(
  { corpus: { hasSpans } }: Comparison,
  { name: system, confusion }: SystemReport,
  most = 20,
): Markup {
  const { labels, counts, missed, spurious } = confusion;
  const annotated = labels.map((_, g) => counts[g].reduce((sum, n) => sum + n, missed[g]));
  const kept = labels
    .map((_, i) => i)
    .sort((a, b) => annotated[b] - annotated[a] || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
  const shaded = (n: number, of: number, isRight: boolean) =>
    html`<td class="${isRight ? 'right' : 'wrong'}" style="--share:${of > 0 ? (n / of).toFixed(3) : 0}">${count(n)}</td>`;
  const rest =
    kept.length < labels.length ? `, the ${kept.length} most frequent of ${labels.length} labels` : '';
  return table({
    caption: `${system}: annotated in rows, predicted in columns; correct in a frame${rest}`,
    classes: 'confusion labels',
    head: ['Label', ...kept.map((p) => name(labels[p])), ...(hasSpans ? ['missed'] : [])],
    rows: [
      ...kept.map((g) => ({
        head: name(labels[g]),
        cells: [
          ...kept.map((p) => shaded(counts[g][p], annotated[g], g === p)),
          ...(hasSpans ? [shaded(missed[g], annotated[g], false)] : []),
        ],
      })),
      ...(hasSpans ? [{ head: 'spurious', cells: [...kept.map((p) => count(spurious[p])), ''] }] : []),
    ],
  });
}
