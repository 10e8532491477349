/** Inverted dropout (Srivastava et al. 2014): in training each value is 0 with probability `rate`, else x / (1 − rate). */
import type { Matrix } from '../core/matrix.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';

export function dropout(x: Matrix, rate: number, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix] {
  if (rate === 0 || !run.random) return [x, (dy) => dy];
  const { kernels } = run;
  const { key0, key1 } = run.random.fork();
  const masked = (from: Matrix) => {
    const to = blank(from.rows, from.cols, run);
    kernels.copy_rows(from.rows, from.cols, from.address, from.stride, to.address, to.stride);
    kernels.dropout(to.rows * to.cols, to.address, rate, key0, key1);
    return to;
  };
  return [masked(x), masked];
}
