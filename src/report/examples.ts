/** Errors in their sentences: what is annotated is underlined, what was predicted has a dashed line above. */
import { errorKinds } from '../evaluation/index.js';
import type { Span } from '../text/document.js';
import type { Comparison, ErrorExample, SystemReport } from './comparison.js';
import { absent } from './figures.js';
import { name, table } from './html-tables.js';
import { html, type Markup } from './markup.js';

/** Words on each side of an error. */
const around = 14;

export function exampleTables({ sentences }: Comparison, { errors }: SystemReport): Markup[] {
  const wordsOf = new Map(sentences.map(({ index, words }) => [index, words]));
  const kinds = Object.entries(errorKinds) as [ErrorExample['kind'], string][];
  return kinds.flatMap(([kind, meaning]) => {
    const examples = errors.examples.filter(
      (example) => example.kind === kind && wordsOf.has(example.sentence),
    );
    if (examples.length === 0) return [];
    return table({
      caption: `${kind}: ${meaning}`,
      classes: 'examples',
      head: ['Sentence', 'Annotated (underlined)', 'Predicted (dashed line above)', 'Text'],
      rows: examples.map(({ sentence, gold, predicted }) => {
        const words = wordsOf.get(sentence) ?? [];
        return {
          head: sentence + 1,
          cells: [
            quoted(words, gold),
            quoted(words, predicted),
            html`<td class="text" dir="auto">${marked(words, gold, predicted)}</td>`,
          ],
        };
      }),
    });
  });
}

const quoted = (words: readonly string[], span: Span | undefined): Markup =>
  span === undefined
    ? html`<td class="text">${absent} none</td>`
    : html`<td class="text"><b>${name(span.label)}</b> ${name(words.slice(span.first, span.end).join(' '))}</td>`;

/** The sentence in stretches of words that lie in the same spans. */
function marked(words: readonly string[], gold?: Span, predicted?: Span): Markup {
  const spans = [gold, predicted].filter((span) => span !== undefined);
  const from = Math.max(0, Math.min(...spans.map(({ first }) => first)) - around);
  const to = Math.min(words.length, Math.max(...spans.map(({ end }) => end)) + around);
  const cuts = [...new Set([from, to, ...spans.flatMap(({ first, end }) => [first, end])])].sort(
    (a, b) => a - b,
  );
  const stretches = cuts.slice(0, -1).map((first, i) => {
    const classes = [isIn(gold, first) && 'gold', isIn(predicted, first) && 'predicted']
      .filter(Boolean)
      .join(' ');
    const text = words.slice(first, cuts[i + 1]).join(' ');
    const space = i > 0 ? ' ' : '';
    return classes ? html`${space}<span class="${classes}">${text}</span>` : html`${space}${text}`;
  });
  return html`${from > 0 ? '… ' : ''}${stretches}${to < words.length ? ' …' : ''}`;
}

const isIn = (span: Span | undefined, word: number): boolean =>
  span !== undefined && span.first <= word && word < span.end;
