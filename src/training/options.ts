import { z } from 'zod';

/** The keys of the stage `training`, but for `optimizer` and `schedule`, which are tables of kinds. */
export const loopOptions = {
  epochs: z.int().min(1).max(100_000).default(100),
  /** Sentences of a mini-batch; batches are random, never bucketed by length. */
  batch: z.int().min(1).max(65_536).default(10),
  /**
   * Largest global norm of the gradient; longer ones are scaled down to it. Without, the first steps of plain SGD on long
   * sentences can throw the network far off (seen on NCBI-disease). A huge one switches it off.
   */
  clip: z.number().positive().default(50),
  /** Epochs without a better dev score after which training stops. */
  patience: z.int().min(1).default(30),
};
