/** Factors of rows, and highways. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface MaskKernels {
  scale_rows(
    m: number,
    n: number,
    factors: Pointer,
    x: Pointer,
    xRow: number,
    y: Pointer,
    yRow: number,
  ): void;
  mask_rows(
    t: number,
    steps: Pointer,
    n: number,
    mask: Pointer,
    x: Pointer,
    xRow: number,
    y: Pointer,
    yRow: number,
  ): void;
  highway(m: number, n: number, z: Pointer, h: Pointer, x: Pointer, xRow: number, y: Pointer): void;
  highway_backward(
    m: number,
    n: number,
    t: Pointer,
    h: Pointer,
    x: Pointer,
    xRow: number,
    dy: Pointer,
    dyRow: number,
    dh: Pointer,
    dx: Pointer,
  ): void;
}
