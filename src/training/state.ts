/** A training at a step, complete: from it the rest follows, to the last bit. */

import type { Blocks } from './blocks.js';
import type { Totals } from './board.js';
import type { Monitors } from './monitors.js';

/** JSON. */
export interface Progress<Score> {
  /** The epoch of the next step, from 1. */
  readonly epoch: number;
  /** Of that epoch so far. */
  readonly totals: Totals;
  readonly seconds: number;
  /** Steps of the whole training so far. */
  readonly count: number;
  /** The epochs before, each with its dev score in `values`. */
  readonly epochs: readonly EpochDone<Score>[];
  readonly values: readonly number[];
}

export interface EpochDone<Score> {
  readonly kind: 'epoch';
  readonly epoch: number;
  /** Mean over the tokens of the epoch. */
  readonly loss: number;
  /** Learning rate of the last step. */
  readonly rate: number;
  /** Mean norm of the gradients, before they are scaled down. */
  readonly gradientNorm: number;
  readonly monitors: Monitors;
  /** Of training alone, without the dev score. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly dev: Score;
  readonly best: boolean;
}

export interface TrainingState<Score> {
  readonly progress: Progress<Score>;
  readonly parameters: Blocks;
  readonly optimizer: Blocks;
  /** What the average of the weights keeps, which none is without. */
  readonly average?: Blocks;
  /** What the lanes carry on inside an epoch, where anything is carried on. */
  readonly states?: Blocks;
  /** The parameters of the best epoch, averaged ones where there is an average; absent before the end of the first. */
  readonly best?: Blocks;
}

/** The number of the best epoch, the first of equals; 0 before the end of the first. */
export function bestEpoch(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.indexOf(Math.max(...values)) + 1;
}
