/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is 0 with probability `rate`, else x / (1 − rate). Of every
 * value by itself, of a sentence's columns at all of its tokens, or of whole tokens.
 */
import type { Matrix } from '../core/matrix.js';
import { blank, copied } from '../core/product.js';
import type { Run } from '../core/run.js';

/** The backward function leaves dy as it is, but where nothing is dropped returns it. */
export type Dropout = (x: Matrix, rate: number, run: Run) => [y: Matrix, backward: (dy: Matrix) => Matrix];

export const dropout: Dropout = (x, rate, run) => {
  if (rate === 0 || !run.random) return unchanged(x);
  const { key0, key1 } = run.random.fork();
  const masked = (from: Matrix) => {
    const to = copied(from, run);
    run.kernels.dropout(to.rows * to.cols, to.address, rate, key0, key1);
    return to;
  };
  return [masked(x), masked];
};

/** The same columns at all tokens of a sentence (Gal and Ghahramani 2016). */
export const sentenceDropout: Dropout = (x, rate, run) => {
  const mask = sentenceMask(x.cols, rate, run);
  if (mask === 0) return unchanged(x);
  const { kernels, batch } = run;
  const masked = (from: Matrix) => {
    const to = blank(from.rows, from.cols, run);
    kernels.mask_rows(
      batch.length,
      batch.steps,
      to.cols,
      mask,
      from.address,
      from.stride,
      to.address,
      to.stride,
    );
    return to;
  };
  return [masked(x), masked];
};

/** Whole rows. */
export const tokenDropout: Dropout = (x, rate, run) => {
  const factors = factorsOf(x.rows, rate, run);
  if (factors === 0) return unchanged(x);
  const masked = (from: Matrix) => {
    const to = blank(from.rows, from.cols, run);
    run.kernels.scale_rows(to.rows, to.cols, factors, from.address, from.stride, to.address, to.stride);
    return to;
  };
  return [masked(x), masked];
};

/** Address of factors 0 and 1 / (1 − rate) of every sentence, [B × width] by rank; 0 where nothing is dropped. */
export function sentenceMask(width: number, rate: number, run: Run): number {
  return factorsOf(run.batch.sentences * width, rate, run);
}

function factorsOf(count: number, rate: number, run: Run): number {
  if (rate === 0 || !run.random) return 0;
  const { key0, key1 } = run.random.fork();
  const factors = run.arena.words(count);
  run.arena.heap.f32.fill(1, factors >>> 2, (factors >>> 2) + count);
  run.kernels.dropout(count, factors, rate, key0, key1);
  return factors;
}

function unchanged(x: Matrix): ReturnType<Dropout> {
  return [x, (dy) => dy];
}
