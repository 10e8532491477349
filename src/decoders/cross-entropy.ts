/**
 * Softmax of logits [N × K] and its cross-entropy with targets (1 − ε) · gold + ε / K, the uniform share going to all tags,
 * forbidden or not (label smoothing: Szegedy et al. 2016).
 */
import { z } from 'zod';
import { type Matrix, matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';

/** ε: what all tags share of the target. */
export const labelSmoothing = z.number().min(0).lt(1).default(0);

/** Tags at an address, i32 [N]. The loss is in nats, summed over the rows; logits have no gaps between their rows. */
export function crossEntropy(
  logits: Matrix,
  tags: number,
  smoothing: number,
  run: Run,
): [loss: number, backward: () => Matrix] {
  const { kernels, arena } = run;
  const { address, rows: n, cols: k } = logits;
  const [dLogits, sums, shift] = [arena.words(n * k), arena.words(n), arena.words(n)];
  kernels.softmax_rows(n, k, address, dLogits, sums, shift);
  const { f32, i32 } = arena.heap;
  let loss = 0;
  for (let row = 0; row < n; row++) {
    const first = address / 4 + row * k;
    const gold = f32[first + i32[tags / 4 + row]];
    let target = gold;
    if (smoothing > 0) {
      let sum = 0;
      for (let j = first; j < first + k; j++) sum += f32[j];
      target += smoothing * (sum / k - gold);
    }
    loss += Math.log(f32[sums / 4 + row]) + f32[shift / 4 + row] - target;
  }
  const backward = () => {
    kernels.subtract_target(n, k, tags, smoothing, dLogits);
    return matrix(dLogits, n, k);
  };
  return [loss, backward];
}
