/** The columns of the table of systems: one list for the page, for Markdown and for CSV. */
import type { Comparison, SystemReport } from './comparison.js';
import { absent, bytes, chance, count, interval, milliseconds, score, seconds, signed } from './figures.js';

export interface Column {
  /** In CSV, with its unit. */
  readonly key: string;
  /** For people. */
  readonly head: string;
  readonly measure: (system: SystemReport) => number | undefined;
  readonly format: (value: number, system: SystemReport) => string;
  /** Which value is the best; absent where none is. */
  readonly best?: 'highest' | 'lowest';
  /** Only in CSV: people find it in another column. */
  readonly isDetail?: boolean;
}

const columns: readonly Column[] = [
  { key: 'score', head: '', measure: ({ score }) => score.value, format: scoreText, best: 'highest' },
  { key: 'score_low', head: '', measure: ({ score }) => score.low, format: score, isDetail: true },
  { key: 'score_high', head: '', measure: ({ score }) => score.high, format: score, isDetail: true },
  {
    key: 'precision',
    head: 'Precision',
    measure: (of) => of.scores.precision,
    format: score,
    best: 'highest',
  },
  { key: 'recall', head: 'Recall', measure: (of) => of.scores.recall, format: score, best: 'highest' },
  { key: 'difference', head: 'Difference', measure: differenceOf, format: signed },
  { key: 'p', head: 'p', measure: pOf, format: chance },
  {
    key: 'tokens_per_second',
    head: 'Tokens/s',
    measure: ({ speed }) => speed?.tokensPerSecond,
    format: count,
    best: 'highest',
  },
  {
    key: 'latency_p50_ms',
    head: 'p50, ms',
    measure: ({ speed }) => speed?.latency.p50,
    format: milliseconds,
    best: 'lowest',
  },
  {
    key: 'latency_p99_ms',
    head: 'p99, ms',
    measure: ({ speed }) => speed?.latency.p99,
    format: milliseconds,
    best: 'lowest',
  },
  {
    key: 'peak_bytes',
    head: 'Memory',
    measure: ({ speed }) => speed?.peakBytes,
    format: bytes,
    best: 'lowest',
  },
  {
    key: 'parameters',
    head: 'Parameters',
    measure: ({ size }) => size?.parameters,
    format: count,
    best: 'lowest',
  },
  { key: 'bytes', head: 'On disk', measure: ({ size }) => size?.bytes, format: bytes, best: 'lowest' },
  {
    key: 'training_seconds',
    head: 'Training',
    measure: ({ training }) => training?.seconds,
    format: seconds,
    best: 'lowest',
  },
];

/** F1, or accuracy where labels are of single tokens: precision and recall are the same there. */
export const metricOf = ({ corpus }: Comparison): string => (corpus.hasSpans ? 'F1' : 'accuracy');

export function columnsOf({ corpus }: Comparison): readonly Column[] {
  const head = corpus.hasSpans ? 'F1' : 'Accuracy';
  const isShown = ({ key }: Column) => corpus.hasSpans || (key !== 'precision' && key !== 'recall');
  return columns.filter(isShown).map((column) => (column.key === 'score' ? { ...column, head } : column));
}

/** By key of the column: the value that is the best; absent where fewer than two systems have one. */
function bestValues(comparison: Comparison): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const { key, measure, best: which } of columnsOf(comparison)) {
    const values = comparison.systems.map(measure).filter((value) => value !== undefined);
    if (which === undefined || values.length < 2) continue;
    best.set(
      key,
      values.reduce((a, b) => (which === 'highest' ? Math.max(a, b) : Math.min(a, b))),
    );
  }
  return best;
}

function scoreText(value: number, { score: estimate }: SystemReport): string {
  return `${score(value)} (${interval(estimate)})`;
}

/** Of this system from the first one. */
function differenceOf({ significance }: SystemReport): number | undefined {
  return significance && -significance.difference.value;
}

/** Of both tests the more careful. */
export function pOf({ significance }: SystemReport): number | undefined {
  return significance && Math.max(significance.p.bootstrap, significance.p.randomisation);
}

export interface SystemRow {
  readonly system: SystemReport;
  /** As people read them. */
  readonly cells: readonly { readonly text: string; readonly isBest: boolean }[];
}

/** The table of systems, in the columns with these keys, or in all that are no details. The first head is of the names. */
export function systemsOf(
  comparison: Comparison,
  keys?: readonly string[],
): { readonly heads: readonly string[]; readonly rows: readonly SystemRow[] } {
  const columns = columnsOf(comparison).filter(({ key, isDetail }) =>
    keys ? keys.includes(key) : !isDetail,
  );
  const best = bestValues(comparison);
  const rows = comparison.systems.map((system) => ({
    system,
    cells: columns.map(({ key, measure, format }) => {
      const value = measure(system);
      if (value === undefined) return { text: absent, isBest: false };
      return { text: format(value, system), isBest: value === best.get(key) };
    }),
  }));
  return { heads: ['System', ...columns.map(({ head }) => head)], rows };
}
