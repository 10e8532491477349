/** Products, sums and functions of matrices. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface MatrixKernels {
  pack(k: number, n: number, b: Pointer, bRow: number, packed: Pointer): void;
  pack_transposed(k: number, n: number, s: Pointer, sRow: number, packed: Pointer): void;
  matmul(
    m: number,
    n: number,
    k: number,
    a: Pointer,
    aRow: number,
    aCol: number,
    packed: Pointer,
    c: Pointer,
    cRow: number,
    accumulate: boolean,
  ): void;
  exp(n: number, x: Pointer, y: Pointer): void;
  sigmoid(n: number, x: Pointer, y: Pointer): void;
  tanh(n: number, x: Pointer, y: Pointer): void;
  gelu(n: number, x: Pointer, y: Pointer): void;
  gelu_backward(n: number, x: Pointer, dy: Pointer): void;
  fill_rows(m: number, n: number, b: Pointer, y: Pointer, yRow: number): void;
  add_columns(m: number, n: number, x: Pointer, xRow: number, out: Pointer): void;
  add_rows(m: number, n: number, x: Pointer, xRow: number, y: Pointer, yRow: number): void;
  add(n: number, x: Pointer, y: Pointer): void;
  copy_rows(m: number, n: number, x: Pointer, xRow: number, y: Pointer, yRow: number): void;
  pick_rows(n: number, dim: number, ids: Pointer, x: Pointer, xRow: number, y: Pointer, yRow: number): void;
  sum_squares(n: number, x: Pointer): number;
  clamp(n: number, x: Pointer, limit: number): number;
  approach(n: number, x: Pointer, y: Pointer, share: number): void;
  reduce_blocks(n: number, count: number, x: Pointer, stride: number): number;
  dropout(n: number, x: Pointer, rate: number, key0: number, key1: number): void;
}
