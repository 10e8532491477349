/** Norms of the rows of a matrix, as the run of a probe has it. */
import type { Matrix } from './matrix.js';
import type { Run } from './run.js';

/** The Euclidean norm of every row; a copy, which outlives the run. */
export function rowNorms({ address, rows, cols, stride }: Matrix, { kernels, arena }: Run): Float32Array {
  const out = arena.words(rows);
  kernels.row_norms(rows, cols, address, stride, out);
  return arena.heap.f32.slice(out >>> 2, (out >>> 2) + rows);
}
