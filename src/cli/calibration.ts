/** The reliability table as text. */
import type { Calibration } from '../evaluation/index.js';
import { formatColumns } from './columns.js';

export function formatCalibration({ bins, count, error }: Calibration): string {
  const show = (value: number | null) => value?.toFixed(3) ?? '–';
  const rows = bins.map(({ from, to, count, score, correct }) => [
    `${from.toFixed(1)} … ${to.toFixed(1)}`,
    String(count),
    show(score),
    show(correct),
  ]);
  const table = formatColumns([['score', 'count', 'mean score', 'correct'], ...rows]);
  return `${table}\nexpected calibration error ${error.toFixed(4)} of ${count}`;
}
