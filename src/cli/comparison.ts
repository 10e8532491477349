/** A comparison on the terminal: how it goes, and what came of it. */
import type { CompareRecord } from '../pipeline/comparison/compare.js';
import { type Comparison, plain, systemRows, verdict } from '../report/index.js';
import { formatColumns } from './columns.js';

export const showComparison = (record: CompareRecord): void => console.error(lineOf(record));

function lineOf(record: CompareRecord): string {
  switch (record.kind) {
    case 'system':
      return `[${record.index + 1}/${record.count}] ${record.name}`;
    case 'progress':
      return `  ${record.text}`;
    case 'scored':
      return `  ${record.metric} ${record.score.toFixed(2)}`;
  }
}

/** What fits a terminal; the report has the others. */
const shown = ['score', 'difference', 'p', 'tokens_per_second', 'peak_bytes', 'bytes', 'training_seconds'];

export function comparisonText(comparison: Comparison, [page]: readonly string[]): string {
  const { corpus } = comparison;
  return [
    `${corpus.split} of ${corpus.name}, ${corpus.sentences} sentences, ${corpus.tokens} words`,
    formatColumns(systemRows(comparison, shown)),
    plain(verdict(comparison).phrases),
    `report in ${page}`,
  ].join('\n\n');
}
