/** How far the scores of predicted spans can be trusted: of those with score 0.8, are 80 % right? */
import { TaggerError } from '../core/errors.js';
import type { Span } from '../text/document.js';

export interface CalibrationBin {
  /** Scores from `from` up to, but not, `to`; the last bin has score 1 too. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean of the scores, 0 … 1; null where the bin is empty. */
  readonly score: number | null;
  /** Share of spans that the annotation has, borders and label, 0 … 1; null where the bin is empty. */
  readonly correct: number | null;
}

/** The reliability table; plotted, `correct` over `score` lies on the diagonal when scores can be trusted. */
export interface Calibration {
  /** Ten bins of equal width. */
  readonly bins: readonly CalibrationBin[];
  /** Predicted spans. */
  readonly count: number;
  /** Expected calibration error, 0 … 1: the mean over all spans of |correct − score| of their bin; 0 of none. */
  readonly error: number;
}

const BINS = 10;

interface ScoredSpan extends Span {
  readonly score: number;
}

/**
 * The reliability table and the expected calibration error of predicted spans (Naeini et al. 2015; for structured
 * prediction Nguyen and O'Connor 2015); one list a sentence on both sides. E_INTERNAL if there are not as many sentences,
 * E_USAGE for a score that is no probability.
 */
export function calibration(
  gold: readonly (readonly Span[])[],
  predicted: readonly (readonly ScoredSpan[])[],
): Calibration {
  if (gold.length !== predicted.length) {
    const message = `columns of different length: ${gold.length} and ${predicted.length} sentences`;
    throw new TaggerError('E_INTERNAL', { message });
  }
  const sums = Array.from({ length: BINS }, () => ({ count: 0, score: 0, correct: 0 }));
  predicted.forEach((spans, s) => {
    const known = new Set(gold[s].map(keyOf));
    for (const span of spans) {
      const sum = sums[binOf(span.score)];
      sum.count++;
      sum.score += span.score;
      if (known.has(keyOf(span))) sum.correct++;
    }
  });
  const count = sums.reduce((all, bin) => all + bin.count, 0);
  const gaps = sums.reduce((all, { score, correct }) => all + Math.abs(correct - score), 0);
  const bins = sums.map((sum, i) => ({
    from: i / BINS,
    to: (i + 1) / BINS,
    count: sum.count,
    score: sum.count > 0 ? sum.score / sum.count : null,
    correct: sum.count > 0 ? sum.correct / sum.count : null,
  }));
  return { bins, count, error: count > 0 ? gaps / count : 0 };
}

const keyOf = ({ label, first, end }: Span): string => `${first} ${end} ${label}`;

function binOf(score: number): number {
  if (score >= 0 && score <= 1) return Math.min(BINS - 1, Math.floor(score * BINS));
  throw new TaggerError('E_USAGE', {
    message: 'a score is no probability',
    expected: '0 … 1',
    found: String(score),
  });
}
