/** The forward and backward recursions of a chain over a batch, on probabilities in doubles (see src/kernels/crf.ts). */
import type { Run } from '../core/run.js';

/** Width of the arrays of doubles over k tags. */
export function paddedTags(k: number): number {
  return Math.ceil(k / 4) * 4;
}

/** Addresses of the exponentials of scores, `paddedTags` wide with zeros; the matrices packed as `crf_weights` does. */
export interface ChainWeights {
  readonly start: number;
  readonly transitions: number;
  readonly transposed: number;
  readonly stop: number;
}

/** Addresses: E [N × P] the exponentials of shifted emissions, alpha [N × P], scale [N], z [B]. */
export interface Forward {
  readonly E: number;
  readonly alpha: number;
  readonly scale: number;
  readonly z: number;
}

/** Addresses: posteriors [N × K] in floats, w [N × P] = E ∘ beta / scale in doubles. */
export interface Backward {
  readonly posteriors: number;
  readonly w: number;
}

export function forwardRecursion(E: number, weights: ChainWeights, k: number, run: Run): Forward {
  const { kernels, arena, batch } = run;
  const { tokens, sentences, length, steps } = batch;
  const { start, transitions, stop } = weights;
  const doubles = (count: number) => arena.allocate(count * 8);
  const [alpha, scale, z] = [doubles(tokens * paddedTags(k)), doubles(tokens), doubles(sentences)];
  kernels.crf_forward(length, steps, k, start, transitions, stop, E, alpha, scale, z);
  return { E, alpha, scale, z };
}

export function backwardRecursion(forward: Forward, weights: ChainWeights, k: number, run: Run): Backward {
  const { kernels, arena, batch } = run;
  const { tokens, sentences, length, steps } = batch;
  const { E, alpha, scale, z } = forward;
  const { transposed, stop } = weights;
  const doubles = (count: number) => arena.allocate(count * paddedTags(k) * 8);
  const [w, beta, posteriors] = [doubles(tokens), doubles(sentences), arena.words(tokens * k)];
  kernels.crf_backward(length, steps, k, transposed, stop, E, alpha, scale, z, beta, posteriors, w);
  return { posteriors, w };
}
