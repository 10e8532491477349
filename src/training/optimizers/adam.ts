/** Adam (Kingma and Ba 2015), and AMSGrad (Reddi et al. 2018). */
import { z } from 'zod';
import { adamLike, amsgrad, corrected, momentFields } from './adam-family.js';
import { decay, type OptimizerKind, rate } from './optimizer.js';

const options = z.strictObject({
  kind: z.literal('adam'),
  rate: rate.default(1e-3),
  ...momentFields,
  amsgrad,
  /** L2 penalty, added to the gradient. */
  decay: decay.default(0),
});

export const adam: OptimizerKind<typeof options> = {
  options,
  create: (options, params, kernels) =>
    adamLike(options, params, kernels, (step) => ({ ...corrected(options, step), penalty: options.decay })),
};
