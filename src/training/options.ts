import { z } from 'zod';

/** The keys of the stage `training`, but for `optimizer` and `schedule`, which are tables of kinds. */
export const loopOptions = {
  epochs: z.int().min(1).max(100_000).default(100),
  /** Sentences of a mini-batch; batches are random, never bucketed by length. */
  batch: z.int().min(1).max(65_536).default(10),
  /** Largest global norm of the gradient; longer ones are scaled down to it. */
  clip: z.number().positive().optional(),
  /** Epochs without a better dev score after which training stops. */
  patience: z.int().min(1).default(30),
};
