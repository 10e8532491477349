import { z } from 'zod';

/** The keys of the stage `training`, but for `optimizer`, `schedule` and `average`, which are tables of kinds. */
export const loopOptions = {
  epochs: z.int().min(1).max(100_000).default(100),
  /**
   * What the encoder reads in one piece: a sentence, or all sentences of a document in order. Sentences of a document are never
   * shuffled, documents are. Tags are decided sentence by sentence all the same.
   */
  context: z.enum(['sentence', 'document']).default('sentence'),
  /**
   * Truncated back-propagation through time: what is read in one piece is cut into windows of so many tokens. The state of a recurrent
   * encoder that reads forward goes on from window to window, gradients do not. null: nothing is cut.
   */
  tbptt: z.int().min(1).max(1_000_000).nullable().default(null),
  /** Sentences of a mini-batch, with `context: document` documents; batches are random, never bucketed by length. */
  batch: z.int().min(1).max(65_536).default(10),
  /**
   * Largest global norm of the gradient; longer ones are scaled down to it. Without, the first steps of plain SGD on long
   * sentences can throw the network far off (seen on NCBI-disease). A huge one switches it off.
   */
  clip: z.number().positive().default(50),
  /** Largest element of the gradient, up or down; larger ones are cut to it, before the norm is taken. */
  clipValue: z.number().positive().optional(),
  /** Factors on the learning rate of the parameters whose names begin so; of several the longest. 0: they stay as they are. */
  rates: z.record(z.string(), z.number().min(0).max(1000)).default({}),
  /** Epochs without a better dev score after which training stops. */
  patience: z.int().min(1).default(30),
  /** Threads; `auto` is one a core. Does not change the result. */
  workers: z.union([z.literal('auto'), z.int().min(1).max(256)]).default('auto'),
  /**
   * Parts of a mini-batch that workers share out, so more workers have nothing to do. Every number of them sums in
   * another order and drops other values, so it belongs to the result.
   */
  shards: z.int().min(1).max(256).default(4),
  /** Minutes between two checkpoints inside an epoch; there is one after every epoch too. */
  checkpoint: z.number().positive().default(10),
};
