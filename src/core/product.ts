/** Matrix products and sums on the types of the layers. */
import { type Matrix, matrix } from './matrix.js';
import { packedBytes } from './packed.js';
import type { Run } from './run.js';

/** y = x · B, or y += x · B with `accumulate`; `packed` is the address of B, packed. Rows of x may overlap. */
export function multiply(x: Matrix, packed: number, y: Matrix, run: Run, accumulate = false): void {
  const { address: from, rows, cols: inner, stride } = x;
  const { address: to, cols, stride: toStride } = y;
  run.kernels.matmul(rows, cols, inner, from, stride, 1, packed, to, toStride, accumulate);
}

/** Address of a packed copy of a matrix, good until the arena is reset. */
export function packedCopy(m: Matrix, run: Run): number {
  const packed = run.arena.allocate(packedBytes(m.rows, m.cols));
  run.kernels.pack(m.rows, m.cols, m.address, m.stride, packed);
  return packed;
}

/** sum [D × H] += xᵀ · dy, the gradient of a weight; dy [N × H] packed. */
export function addWeightGradient(x: Matrix, packedDy: number, sum: Matrix, run: Run): void {
  const { address, rows, cols, stride } = x;
  run.kernels.matmul(cols, sum.cols, rows, address, 1, stride, packedDy, sum.address, sum.stride, true);
}

/** sum [H] += the sums of the columns of dy [N × H], the gradient of a bias. */
export function addBiasGradient(dy: Matrix, sum: number, run: Run): void {
  run.kernels.add_columns(dy.rows, dy.cols, dy.address, dy.stride, sum);
}

/** A new matrix in the arena, holding anything. */
export function blank(rows: number, cols: number, run: Run): Matrix {
  return matrix(run.arena.words(rows * cols), rows, cols);
}

/** A new matrix in the arena, every row the bias at the address. */
export function rowsOf(bias: number, rows: number, cols: number, run: Run): Matrix {
  const y = blank(rows, cols, run);
  run.kernels.fill_rows(rows, cols, bias, y.address, y.stride);
  return y;
}

/** A new matrix in the arena with the values of another. */
export function copied(x: Matrix, run: Run): Matrix {
  const y = blank(x.rows, x.cols, run);
  run.kernels.copy_rows(x.rows, x.cols, x.address, x.stride, y.address, y.stride);
  return y;
}

/** y += x. */
export function addTo(y: Matrix, x: Matrix, run: Run): void {
  run.kernels.add_rows(x.rows, x.cols, x.address, x.stride, y.address, y.stride);
}
