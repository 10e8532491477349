/** Whether two systems differ by more than chance, on the same sentences, and how sure a score is. */
import { TaggerError } from '../core/errors.js';
import { Random } from '../core/random.js';
import { bootstrapScores, exchangedDifferences, f1Of } from './resampling.js';
import type { SentenceCounts } from './sentence-counts.js';

export interface SignificanceOptions {
  /** Test sets that are drawn, and exchanges that are tried; 10,000 by default. */
  readonly resamples?: number;
  /** 1 by default. The same seed gives the same figures. */
  readonly seed?: number;
  /** What share of drawn test sets an interval holds, between 0 and 1; 0.95 by default. A p below 1 − this is a difference. */
  readonly confidence?: number;
}

/** A figure of the test set and the percentiles between which it lies on drawn ones. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Significance {
  /** Micro F1 of each, in percent; with labels of single tokens that is the accuracy. */
  readonly first: Estimate;
  readonly second: Estimate;
  /** First − second, in percentage points. */
  readonly difference: Estimate;
  /** How often chance alone makes a difference as large, of either sign: 0 … 1. */
  readonly p: {
    readonly bootstrap: number;
    readonly randomisation: number;
  };
  /** Both tests say so. */
  readonly isDifferent: boolean;
  readonly resamples: number;
  readonly seed: number;
  readonly confidence: number;
}

/**
 * Compares two systems by their counts on the same sentences. Intervals are percentiles of the paired bootstrap (Koehn 2004);
 * its p counts the differences that are as far from the observed one as that is from 0 (Berg-Kirkpatrick, Burkett and Klein 2012).
 * Approximate randomisation exchanges the predictions of sentences (Noreen 1989; Yeh 2000). Both are two-sided and count the
 * test set itself, (n + 1) / (resamples + 1), so that no p is 0. Of equal systems every p is 1.
 * Throws E_USAGE for options out of range, E_INTERNAL where the systems were not scored on the same annotation.
 *
 * @example
 * const counts = (predicted: string[][]) => sentenceCounts(comparedSpans(gold, predicted, { scheme: 'bio' }));
 * const { difference, p, isDifferent } = significance(counts(tagger), counts(baseline));
 */
export function significance(
  first: SentenceCounts,
  second: SentenceCounts,
  options: SignificanceOptions = {},
): Significance {
  const { resamples, seed, confidence } = settle(options);
  checkSameGold(first, second);
  const drawn = bootstrapScores(first, second, resamples, new Random(seed, 0));
  const drawnDifferences = drawn.first.map((score, r) => score - drawn.second[r]);
  const exchanged = exchangedDifferences(first, second, resamples, new Random(seed, 1));
  const difference = scoreOf(first) - scoreOf(second);
  const p = {
    bootstrap: pOf(
      drawnDifferences.map((drawn) => drawn - difference),
      difference,
    ),
    randomisation: pOf(exchanged, difference),
  };
  return {
    first: estimate(scoreOf(first), drawn.first, confidence),
    second: estimate(scoreOf(second), drawn.second, confidence),
    difference: estimate(difference, drawnDifferences, confidence),
    p,
    isDifferent: Math.max(p.bootstrap, p.randomisation) < 1 - confidence,
    resamples,
    seed,
    confidence,
  };
}

/** The score of one system, in percent, with its interval, as {@link significance} gives it. */
export function scoreInterval(counts: SentenceCounts, options: SignificanceOptions = {}): Estimate {
  const { resamples, seed, confidence } = settle(options);
  const drawn = bootstrapScores(counts, counts, resamples, new Random(seed, 0));
  return estimate(scoreOf(counts), drawn.first, confidence);
}

function settle({ resamples = 10_000, seed = 1, confidence = 0.95 }: SignificanceOptions) {
  const refuse = (message: string, expected: string, found: number) => {
    throw new TaggerError('E_USAGE', { message, expected, found: String(found) });
  };
  if (!Number.isInteger(resamples) || resamples < 1)
    refuse('`resamples` is no count', 'a whole number from 1', resamples);
  if (!(confidence > 0 && confidence < 1))
    refuse('`confidence` is out of range', 'between 0 and 1', confidence);
  return { resamples, seed, confidence };
}

function checkSameGold(first: SentenceCounts, second: SentenceCounts): void {
  const isSame =
    first.gold.length === second.gold.length && first.gold.every((spans, s) => spans === second.gold[s]);
  if (isSame) return;
  throw new TaggerError('E_INTERNAL', { message: 'two systems were not scored on the same annotation' });
}

const sumOf = (values: Int32Array): number => values.reduce((sum, value) => sum + value, 0);

const scoreOf = ({ gold, predicted, correct }: SentenceCounts): number =>
  f1Of(sumOf(correct), sumOf(gold) + sumOf(predicted));

/** Differences that are equal but for rounding, in percentage points, are as large as each other. */
const rounding = 1e-10;

/** The share of values by chance that are at least as far from 0 as the observed one is. */
function pOf(byChance: Float64Array, observed: number): number {
  let asLarge = 0;
  for (const value of byChance) if (Math.abs(value) >= Math.abs(observed) - rounding) asLarge++;
  return (asLarge + 1) / (byChance.length + 1);
}

function estimate(value: number, drawn: Float64Array, confidence: number): Estimate {
  const sorted = drawn.toSorted();
  const tail = (1 - confidence) / 2;
  return { value, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/** Between two values as far as the share is between their ranks. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  return below + (rank - Math.floor(rank)) * (sorted[Math.ceil(rank)] - below);
}
