/**
 * Successive halving (Jamieson and Talwalkar 2016) over random trials (Bergstra and Bengio 2012): all are trained a little, the
 * best go on, so that most of the time goes to good ones. Knows nothing of what is trained.
 */
import { TaggerError } from '../../core/errors.js';

/** Trials to be trained up to a number of epochs in total. */
export interface Rung {
  /** Counts from 1, as do trials. */
  readonly rung: number;
  readonly epochs: number;
  readonly trials: readonly number[];
}

/** By trial; more is better, and -Infinity is that of a trial that failed. */
export type RungScores = ReadonlyMap<number, number>;

export interface HalvingPlan {
  readonly trials: readonly number[];
  /** Of each rung, rising. */
  readonly epochs: readonly number[];
  /** One in so many goes on, at least one. */
  readonly reduction: number;
}

/** How many trials each rung of a plan has. */
export function rungSizes({ trials, epochs, reduction }: HalvingPlan): number[] {
  const sizes = [trials.length];
  while (sizes.length < epochs.length)
    sizes.push(Math.max(1, Math.floor(sizes[sizes.length - 1] / reduction)));
  return sizes;
}

/**
 * Trains rung after rung with `train`, which yields whatever it likes and returns a score for every trial of its rung, or
 * undefined to end. Returns the scores of the last rung, best first, equal ones by number; none when `train` ended it.
 * Throws E_TRAINING when all trials of a rung failed.
 */
export async function* halve<Yielded>(
  plan: HalvingPlan,
  train: (rung: Rung) => AsyncGenerator<Yielded, RungScores | undefined>,
): AsyncGenerator<Yielded, [trial: number, score: number][]> {
  const sizes = rungSizes(plan);
  let ranked = plan.trials.map((trial): [number, number] => [trial, 0]);
  for (const [i, epochs] of plan.epochs.entries()) {
    const trials = ranked.slice(0, sizes[i]).map(([trial]) => trial);
    const scores = yield* train({ rung: i + 1, epochs, trials: trials.sort((a, b) => a - b) });
    if (!scores) return [];
    ranked = rank(scores);
  }
  return ranked;
}

function rank(scores: RungScores): [number, number][] {
  const done = [...scores].filter(([, score]) => score > Number.NEGATIVE_INFINITY);
  if (done.length === 0) {
    const hint = 'lower learning rates';
    throw new TaggerError('E_TRAINING', { message: 'every trial of the search failed', hint });
  }
  return done.sort(([a, x], [b, y]) => y - x || a - b);
}

/**
 * The epochs of rungs that end with `epochs` and one trial: one in `reduction` of the next rung's each, and no more rungs
 * than it takes to get from `trials` down to one.
 */
export function defaultRungs(trials: number, reduction: number, epochs: number): number[] {
  const rungs = [epochs];
  for (let left = trials; left >= reduction && rungs[0] > 1; left = Math.floor(left / reduction)) {
    rungs.unshift(Math.max(1, Math.round(epochs / reduction ** rungs.length)));
  }
  return rungs;
}
