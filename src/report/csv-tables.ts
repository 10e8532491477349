/** The figures of a report as CSV, unrounded: a table of systems, one of labels and one of the errors shown. */
import { writeToString } from 'fast-csv';
import type { Span } from '../text/document.js';
import { columnsOf } from './columns.js';
import type { Comparison } from './comparison.js';

type Cell = string | number | undefined;

/** By the name of the file. */
export async function csvTables(comparison: Comparison): Promise<Record<string, string>> {
  return {
    'systems.csv': await table(systemRows(comparison)),
    'labels.csv': await table(labelRows(comparison)),
    'errors.csv': await table(errorRows(comparison)),
  };
}

const table = (rows: Cell[][]): Promise<string> => writeToString(rows, { includeEndRowDelimiter: true });

function systemRows(comparison: Comparison): Cell[][] {
  const columns = columnsOf(comparison);
  const rows = comparison.systems.map((system) => [
    system.name,
    ...columns.map(({ measure }) => measure(system)),
  ]);
  return [['system', ...columns.map(({ key }) => key)], ...rows];
}

function labelRows({ systems }: Comparison): Cell[][] {
  const head = ['system', 'label', 'precision', 'recall', 'f1', 'gold', 'predicted', 'correct'];
  const rows = systems.flatMap(({ name, scores }) =>
    Object.entries(scores.byLabel).map(([label, of]) => [
      name,
      label,
      of.precision,
      of.recall,
      of.f1,
      of.gold,
      of.predicted,
      of.correct,
    ]),
  );
  return [head, ...rows];
}

function errorRows({ systems, sentences }: Comparison): Cell[][] {
  const wordsOf = new Map(sentences.map(({ index, words }) => [index, words]));
  const head = ['system', 'kind', 'sentence', 'gold', 'gold_label', 'predicted', 'predicted_label', 'text'];
  const rows = systems.flatMap(({ name, errors }) =>
    errors.examples.map(({ kind, sentence, gold, predicted }) => {
      const words = wordsOf.get(sentence) ?? [];
      const text = (span?: Span) => span && words.slice(span.first, span.end).join(' ');
      return [
        name,
        kind,
        sentence + 1,
        text(gold),
        gold?.label,
        text(predicted),
        predicted?.label,
        words.join(' '),
      ];
    }),
  );
  return [head, ...rows];
}
