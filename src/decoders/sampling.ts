/**
 * Scheduled sampling (Bengio et al. 2015): how often a decoder in training reads the gold tag before, and not one that it
 * drew itself. The share falls with the steps of the training, i from 0. One line a kind below.
 */
import { z } from 'zod';
import { type KindSchema, kindOf, type OptionsOf } from '../core/kind.js';

const noneOptions = z.strictObject({ kind: z.literal('none') });

const linearOptions = z.strictObject({
  kind: z.literal('linear'),
  /** The share falls from 1 to `floor` in so many steps. */
  steps: z.int().min(1).default(10_000),
  floor: z.number().min(0).max(1).default(0.25),
});

const exponentialOptions = z.strictObject({
  kind: z.literal('exponential'),
  /** k^i */
  k: z.number().gt(0).lt(1).default(0.9999),
});

const inverseSigmoidOptions = z.strictObject({
  kind: z.literal('inverse-sigmoid'),
  /** k / (k + exp(i / k)): half at about i = k · log k. */
  k: z.number().min(1).default(1000),
});

export interface SamplingKind<Schema extends KindSchema> {
  readonly options: Schema;
  /** The probability of the gold tag at step i. */
  share(options: z.output<Schema>, i: number): number;
}

const none: SamplingKind<typeof noneOptions> = { options: noneOptions, share: () => 1 };

const linear: SamplingKind<typeof linearOptions> = {
  options: linearOptions,
  share: ({ steps, floor }, i) => Math.max(floor, 1 - ((1 - floor) * i) / steps),
};

const exponential: SamplingKind<typeof exponentialOptions> = {
  options: exponentialOptions,
  share: ({ k }, i) => k ** i,
};

const inverseSigmoid: SamplingKind<typeof inverseSigmoidOptions> = {
  options: inverseSigmoidOptions,
  // An exponential that is infinite makes it 0.
  share: ({ k }, i) => k / (k + Math.exp(i / k)),
};

export const samplingKinds = {
  none,
  linear,
  exponential,
  'inverse-sigmoid': inverseSigmoid,
} as const;

export const samplingOptions = kindOf(samplingKinds);

/** The probability of the gold tag after `count` steps of training. */
export function goldShare(options: OptionsOf<typeof samplingKinds>, count: number): number {
  const kind = samplingKinds[options.kind] as unknown as SamplingKind<KindSchema>;
  return kind.share(options, count);
}
