/** Steps of optimizers. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface OptimizerKernels {
  sgd(
    n: number,
    p: Pointer,
    g: Pointer,
    v: Pointer,
    scale: number,
    rate: number,
    momentum: number,
    nesterov: boolean,
    penalty: number,
  ): void;
  sgd_rows(
    count: number,
    dim: number,
    ids: Pointer,
    table: Pointer,
    g: Pointer,
    v: Pointer,
    scale: number,
    rate: number,
    momentum: number,
    nesterov: boolean,
    penalty: number,
  ): void;
  adam(
    n: number,
    p: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    top: Pointer,
    scale: number,
    rate: number,
    beta1: number,
    beta2: number,
    ahead: number,
    root: number,
    epsilon: number,
    penalty: number,
    shrink: number,
  ): void;
  adam_rows(
    count: number,
    dim: number,
    ids: Pointer,
    table: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    top: Pointer,
    scale: number,
    rate: number,
    beta1: number,
    beta2: number,
    ahead: number,
    root: number,
    epsilon: number,
    penalty: number,
    shrink: number,
  ): void;
}
