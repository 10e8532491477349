/** Recurrences over the time steps of a ragged batch. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface RecurrentKernels {
  lstm_forward(
    t: number,
    steps: Pointer,
    reverse: boolean,
    units: number,
    z: Pointer,
    u: Pointer,
    h: Pointer,
    hRow: number,
    c: Pointer,
    s: Pointer,
  ): void;
  lstm_cells(
    n: number,
    units: number,
    z: Pointer,
    cBefore: Pointer,
    h: Pointer,
    hRow: number,
    c: Pointer,
    s: Pointer,
  ): void;
  lstm_backward(
    t: number,
    steps: Pointer,
    reverse: boolean,
    units: number,
    z: Pointer,
    uT: Pointer,
    dh: Pointer,
    dhRow: number,
    c: Pointer,
    s: Pointer,
    dc: Pointer,
  ): void;
  shift_rows(
    t: number,
    steps: Pointer,
    reverse: boolean,
    units: number,
    h: Pointer,
    hRow: number,
    before: Pointer,
  ): void;
}
