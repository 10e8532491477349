/** What a run of a pipeline reports while it goes and when it is done; printing is the caller's. */
import type { Scores } from '../evaluation/index.js';
import type { Monitors } from '../training/monitors.js';
import type { Standing } from './standing.js';

export type RunRecord =
  /** One of the seven stages is ready. `index` counts from 1; `text` is what it holds: "wnut17: 3394/1009/1287 sentences". */
  | { readonly kind: 'stage'; readonly index: number; readonly name: string; readonly text: string }
  | { readonly kind: 'warning'; readonly text: string }
  /** Training goes on from a checkpoint, in the given epoch. */
  | { readonly kind: 'resumed'; readonly text: string; readonly epoch: number }
  /** The memory that training took. */
  | { readonly kind: 'memory'; readonly text: string }
  | StepRecord
  | EpochRecord
  | {
      readonly kind: 'stopped';
      readonly reason: 'patience' | 'interrupted' | 'epochs' | 'budget';
      readonly text: string;
    };

export interface StepRecord {
  readonly kind: 'step';
  /** Epochs and steps count from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  /** Mean over the tokens of the epoch so far. */
  readonly loss: number;
  readonly tokensPerSecond: number;
  readonly etaSeconds: number;
}

export interface EpochRecord {
  readonly kind: 'epoch';
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the tokens. */
  readonly loss: number;
  /** Learning rate of the last step. */
  readonly rate: number;
  /** Mean norm of the gradients, before they are scaled down. */
  readonly gradientNorm: number;
  /** Norms of gradients, updates and vectors by layer, and gates that are saturated. */
  readonly monitors: Monitors;
  /** Of training alone, without the dev score; so is `tokensPerSecond`. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly dev: Scores;
  /** Whether no epoch before had a better dev score. */
  readonly best: boolean;
}

export interface RunResult {
  /** The model's directory. */
  readonly model: string;
  /** sha256 of the trained weights: the same for the same pipeline, corpus and seed, whatever the number of workers. */
  readonly hash: string;
  readonly dev: Scores;
  readonly test?: Scores;
  /** What the most frequent tag of every word reaches on the same splits. */
  readonly majority: Standing;
  readonly epochs: number;
  readonly bestEpoch: number;
  /** Both of training alone. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly interrupted: boolean;
}
