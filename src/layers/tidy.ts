/**
 * A layer as wide as its input whose working memory is free again when it is done: that of the backward pass, and, where none
 * follows, that of the forward pass. A tall stack of layers then needs the memory of one of them beside what it keeps.
 */
import type { Matrix } from '../core/matrix.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';
import type { Layer } from './in-turn.js';

/** The layer leaves nothing else in the arena: no gradient of a table. */
export function tidy(layer: Layer): Layer {
  return (x, run) => {
    if (run.gradients === 0) return [kept(x, () => layer(x, run)[0], run), (dy) => dy];
    const [y, backward] = layer(x, run);
    return [y, (dy) => kept(x, () => backward(dy), run)];
  };
}

/** What the work gives, as large as x, in memory from before the work. */
function kept(x: Matrix, work: () => Matrix, run: Run): Matrix {
  const { arena, kernels } = run;
  const result = blank(x.rows, x.cols, run);
  const mark = arena.mark();
  const { address, rows, cols, stride } = work();
  kernels.copy_rows(rows, cols, address, stride, result.address, result.stride);
  arena.rewind(mark);
  return result;
}
