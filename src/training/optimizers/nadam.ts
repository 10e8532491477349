/**
 * NAdam: Adam with Nesterov's momentum (Dozat 2016), which grows towards β₁ as PyTorch has it:
 * μ(t) = β₁ · (1 − ½ · 0.96^(ψ · t)), and with M(t) = μ(1) … μ(t) and the moments m and v of Adam
 * p −= rate · [(1 − μ(t)) / (1 − M(t)) · g + μ(t + 1) / (1 − M(t + 1)) · m] / (√(v / (1 − β₂ᵗ)) + epsilon).
 */
import { z } from 'zod';
import { adamLike, momentFields } from './adam-family.js';
import { decay, type OptimizerKind, rate } from './optimizer.js';

const options = z.strictObject({
  kind: z.literal('nadam'),
  rate: rate.default(2e-3),
  ...momentFields,
  /** ψ: how fast the momentum grows. */
  growth: z.number().min(0).default(0.004),
  /** L2 penalty, added to the gradient; Dozat has none. */
  decay: decay.default(0),
});

export const nadam: OptimizerKind<typeof options> = {
  options,
  create(options, params, kernels) {
    const { beta1, beta2, epsilon, growth, decay } = options;
    const momentum = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (growth * step));
    // The product up to a step, found by going on from that of an earlier one: the same numbers for every thread.
    let [product, factors] = [1, 0];
    const productTo = (step: number) => {
      if (step < factors) [product, factors] = [1, 0];
      for (; factors < step && product > 0; factors++) product *= momentum(factors + 1);
      return product;
    };
    return adamLike(options, params, kernels, ({ rate, count }) => {
      const [now, next] = [momentum(count), momentum(count + 1)];
      const before = productTo(count);
      const ofGradient = (1 - now) / (1 - before);
      const both = ofGradient + next / (1 - before * next);
      const rootOfSecond = Math.sqrt(1 - beta2 ** count);
      return {
        rate: rate * both * rootOfSecond,
        ahead: ofGradient / both,
        epsilon: epsilon * rootOfSecond,
        penalty: decay,
      };
    });
  },
};
