/**
 * RAdam: Adam whose first steps are those of momentum alone, until there are gradients enough to tell their variance, and then
 * grow with what is known of it (Liu et al. 2020, algorithm 2). Weight decay is apart from the gradient, as in their code.
 */
import { z } from 'zod';
import { adamLike, momentFields } from './adam-family.js';
import { decay, type OptimizerKind, rate } from './optimizer.js';

const options = z.strictObject({
  kind: z.literal('radam'),
  rate: rate.default(1e-3),
  ...momentFields,
  /** Weight decay, apart from the gradient. */
  decay: decay.default(0),
});

/** Length of the average of squares from which on its variance can be told: 4 in the paper, 5 in their code and PyTorch. */
const TRACTABLE = 5;

export const radam: OptimizerKind<typeof options> = {
  options,
  create(options, params, kernels) {
    const { beta1, beta2, epsilon, decay } = options;
    const longest = 2 / (1 - beta2) - 1;
    return adamLike(options, params, kernels, ({ rate, count }) => {
      const shrink = rate * decay;
      const ofMean = rate / (1 - beta1 ** count);
      const left = 1 - beta2 ** count;
      const length = longest - (2 * count * beta2 ** count) / left;
      if (length <= TRACTABLE) return { rate: ofMean, root: 0, epsilon: 1, shrink };
      const rectified = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
      return { rate: ofMean * Math.sqrt(rectified * left), epsilon, shrink };
    });
  },
};
