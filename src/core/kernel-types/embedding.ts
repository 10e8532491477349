/** Rows of tables, and words from their characters. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface EmbeddingKernels {
  gather(
    n: number,
    dim: number,
    ids: Pointer,
    table: Pointer,
    rows: number,
    halves: Pointer,
    out: Pointer,
    outRow: number,
  ): void;
  gather_add(n: number, dim: number, ids: Pointer, table: Pointer, out: Pointer, outRow: number): void;
  scatter_add(n: number, dim: number, slots: Pointer, dy: Pointer, dyRow: number, sums: Pointer): void;
  char_max(
    w: number,
    f: number,
    pad: number,
    starts: Pointer,
    y: Pointer,
    bias: Pointer,
    winners: Pointer,
    out: Pointer,
    outRow: number,
  ): void;
  char_max_backward(
    w: number,
    f: number,
    dim: number,
    span: number,
    pad: number,
    winners: Pointer,
    dy: Pointer,
    dyRow: number,
    x: Pointer,
    filters: Pointer,
    dx: Pointer,
    dFilters: Pointer,
  ): void;
}
