/** How much the scores of several runs of one pipeline vary, and which run is best on dev. */
import type { Scores } from '../evaluation/index.js';
import { type Metric, metricOf } from './metric.js';
import type { RunResult } from './records.js';
import type { Pipeline } from './schema.js';

export interface SeedRun {
  readonly seed: number;
  readonly result: RunResult;
}

export interface Spread {
  readonly mean: number;
  /** Of the sample (n − 1); undefined for one value. */
  readonly sd?: number;
}

export interface ScoresSpread {
  readonly precision: Spread;
  readonly recall: Spread;
  readonly f1: Spread;
  readonly accuracy: Spread;
  /** F1 by label, in alphabetical order. */
  readonly byLabel: Readonly<Record<string, Spread>>;
}

export interface SeedsSummary {
  /** The score on dev that picks the best. */
  readonly metric: Metric;
  /** The seed of the run that is best on dev; of equal ones the first. */
  readonly best: number;
  readonly dev: ScoresSpread;
  readonly test?: ScoresSpread;
}

/** Mean ± sd of every score over runs of one pipeline, at least one. */
export function summarize(runs: readonly SeedRun[], pipeline: Pick<Pipeline, 'evaluation'>): SeedsSummary {
  const metric = metricOf(pipeline, runs[0].result.dev);
  const best = runs.reduce((a, b) => (b.result.dev[metric] > a.result.dev[metric] ? b : a));
  const test = runs.flatMap(({ result }) => result.test ?? []);
  return {
    metric,
    best: best.seed,
    dev: spreadOfScores(runs.map(({ result }) => result.dev)),
    ...(test.length > 0 && { test: spreadOfScores(test) }),
  };
}

function spreadOfScores(scores: readonly Scores[]): ScoresSpread {
  const spread = (value: (scores: Scores) => number) => spreadOf(scores.map(value));
  const labels = [...new Set(scores.flatMap(({ byLabel }) => Object.keys(byLabel)))].sort();
  // A label that a run has neither found nor missed is one that other runs have found wrongly: 0 of 0 is 0.
  const byLabel = labels.map((label) => [label, spread((one) => one.byLabel[label]?.f1 ?? 0)] as const);
  return {
    precision: spread(({ precision }) => precision),
    recall: spread(({ recall }) => recall),
    f1: spread(({ f1 }) => f1),
    accuracy: spread(({ accuracy }) => accuracy),
    byLabel: Object.fromEntries(byLabel),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
