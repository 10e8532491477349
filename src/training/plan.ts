/** All that a member of a crew has to know, as plain data that crosses threads: addresses in the shared memory, and options. */
import type { Build } from '../core/kernels.js';
import type { NetworkLayout } from '../tagger/network.js';
import type { BoardShape } from './board.js';
import type { Groups } from './groups.js';
import type { MethodPlan } from './method.js';
import type { RatePlan } from './rate.js';
import type { WindowsLayout } from './windows.js';

export interface StatesPlan {
  readonly address: number;
  readonly lanes: number;
}

export interface CrewPlan extends MethodPlan, RatePlan {
  readonly network: NetworkLayout;
  readonly build: Build;
  readonly seed: number;
  /** Largest norm of the gradient, and before that its largest element. */
  readonly clip: number;
  readonly clipValue?: number;
  readonly groups: Groups;
  readonly shards: number;
  /** Address of the gradient block of the first shard; the others are `gradientBytes` apart. */
  readonly gradients: number;
  readonly gradientBytes: number;
  /** Address of the shards' table gradients and their sums: [shards + 1] × [tuned tables] × (count, ids, values), u32. */
  readonly tableGradients: number;
  readonly train: WindowsLayout;
  /** Addresses of `EpochShards`: i32. */
  readonly order: number;
  readonly lanes: number;
  readonly bounds: number;
  /** States of the lanes; address 0 where no sequence has several windows, or nothing is carried on. */
  readonly states: StatesPlan;
  /** What is tagged for the dev score, and the batches of it: the first sequence of each and the end, i32 [batches + 1]. */
  readonly dev: WindowsLayout;
  readonly devBatches: number;
  readonly devBounds: number;
  /** The same for dev, one after another of every member. */
  readonly devStates: StatesPlan;
  readonly board: BoardShape;
}
