/**
 * How far what a tagger sees is from what it was trained on, by the population stability index over the deciles of training:
 * Σ (p − q) · ln(p / q), with p the share now and q the share then; 0 where they are the same (Siddiqi 2006, Credit Risk Scorecards).
 */
import type { Baseline } from './baseline.js';
import { countGroups, groupsOf, type Histogram, quantile } from './histogram.js';
import type { Tally } from './tally.js';

/** `unclear`: too few tokens were seen. */
export type Drift = 'none' | 'some' | 'strong' | 'unclear';

/** Norms below which 10 %, 50 % and 90 % of the tokens lie. */
export interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface DriftReport {
  readonly sentences: number;
  readonly tokens: number;
  /** The larger one of vectors and unknown words. */
  readonly drift: Drift;
  /** Norms of the vectors that the decoder sees, against those of the training set. */
  readonly vectors: {
    readonly psi: number;
    readonly drift: Drift;
    readonly training: Quantiles;
    /** Absent where there were no tokens. */
    readonly now?: Quantiles;
  };
  /** Shares of words that training did not see, against those on dev: fewer are no drift. Absent where the model cannot tell. */
  readonly unknown?: {
    readonly psi: number;
    readonly drift: Drift;
    readonly dev: number;
    readonly now: number;
  };
  /** Sentences longer than any that training saw, which are read in windows, and the tokens of the longest one of training. */
  readonly long: { readonly sentences: number; readonly longest?: number };
}

const GROUPS = 10;
/** Below the first there is no drift, above the second a strong one. */
const [SOME, STRONG] = [0.1, 0.25];
/** With fewer tokens the index is large by chance: about 9 / tokens for deciles, and more where they are of few texts. */
const ENOUGH = 500;

const order: readonly Drift[] = ['none', 'some', 'strong'];

export function driftOf({ norms, dev }: Baseline, tally: Tally, longest?: number): DriftReport {
  const { sentences, tokens, long } = tally;
  const verdict = (psi: number): Drift => {
    if (tokens < ENOUGH) return 'unclear';
    return psi > STRONG ? 'strong' : psi >= SOME ? 'some' : 'none';
  };
  const ends = groupsOf(norms, GROUPS);
  const psi = stabilityIndex(countGroups(norms, ends), countGroups(tally.norms, ends));
  const now = tokens > 0 ? { now: quantilesOf(tally.norms) } : {};
  const vectors = { psi, drift: verdict(psi), training: quantilesOf(norms), ...now };
  const words = wordsOf(dev, tally);
  const unknown = words && { ...words, drift: verdict(words.psi) };
  const drift = vectors.drift === 'unclear' ? 'unclear' : worse(vectors.drift, unknown?.drift ?? 'none');
  const lengths = { sentences: long, ...(longest !== undefined && { longest }) };
  return { sentences, tokens, drift, vectors, ...(unknown && { unknown }), long: lengths };
}

const worse = (a: Drift, b: Drift): Drift => (order.indexOf(a) > order.indexOf(b) ? a : b);

function quantilesOf(norms: Histogram): Quantiles {
  const [p10, p50, p90] = [0.1, 0.5, 0.9].map((share) => quantile(norms, share));
  return { p10, p50, p90 };
}

function wordsOf(dev: Baseline['dev'], { tokens, unknown }: Tally) {
  if (dev.unknown === undefined || unknown === undefined || dev.tokens === 0) return undefined;
  const psi = stabilityIndex([dev.unknown, dev.tokens - dev.unknown], [unknown, tokens - unknown]);
  const [then, now] = [dev.unknown / dev.tokens, unknown / Math.max(tokens, 1)];
  return { psi: now > then ? psi : 0, dev: then, now };
}

/** Of counts in the same groups; half a token more in each, so that an empty group has a logarithm. 0 where nothing was counted. */
function stabilityIndex(then: readonly number[], now: readonly number[]): number {
  if (now.every((count) => count === 0)) return 0;
  const [q, p] = [then, now].map((counts) => {
    const total = counts.reduce((sum, count) => sum + count + 0.5, 0);
    return counts.map((count) => (count + 0.5) / total);
  });
  return p.reduce((sum, share, i) => sum + (share - q[i]) * Math.log(share / q[i]), 0);
}
