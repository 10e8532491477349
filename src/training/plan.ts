/** All that a member of a crew has to know, as plain data that crosses threads: addresses in the shared memory, and options. */
import type { Build } from '../core/kernels.js';
import type { OptionsOf } from '../core/kind.js';
import type { NetworkLayout } from '../tagger/network.js';
import type { BoardShape } from './board.js';
import type { optimizerKinds } from './optimizers.js';
import type { SentencesLayout } from './sentences.js';

export interface CrewPlan {
  readonly network: NetworkLayout;
  readonly build: Build;
  readonly optimizer: OptionsOf<typeof optimizerKinds>;
  readonly seed: number;
  /** Largest norm of the gradient. */
  readonly clip: number;
  readonly shards: number;
  /** Address of the gradient block of the first shard; the others are `gradientBytes` apart. */
  readonly gradients: number;
  readonly gradientBytes: number;
  /** Address of the shards' table gradients and their sums: [shards + 1] × [tuned tables] × (count, ids, values), u32. */
  readonly tableGradients: number;
  readonly train: SentencesLayout;
  readonly steps: number;
  /** Addresses of `EpochShards`: i32. */
  readonly order: number;
  readonly bounds: number;
  /** What is tagged for the dev score, and the batches of it: the first sentence of each and the end, i32 [batches + 1]. */
  readonly dev: SentencesLayout;
  readonly devBatches: number;
  readonly devBounds: number;
  readonly board: BoardShape;
}

/** Floats of the parts in which gradients are added up and the optimizer is applied. */
export const PART = 4096;
