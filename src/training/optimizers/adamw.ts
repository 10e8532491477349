/** AdamW: Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019). */
import { z } from 'zod';
import { adamLike, amsgrad, corrected, momentFields } from './adam-family.js';
import { decay, type OptimizerKind, rate } from './optimizer.js';

const options = z.strictObject({
  kind: z.literal('adamw'),
  rate: rate.default(1e-3),
  ...momentFields,
  amsgrad,
  /** Weight decay, apart from the gradient. */
  decay: decay.default(0.01),
});

export const adamw: OptimizerKind<typeof options> = {
  options,
  create: (options, params, kernels) =>
    adamLike(options, params, kernels, (step) => ({
      ...corrected(options, step),
      shrink: step.rate * options.decay,
    })),
};
