/** Normalisation of rows. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface LayerNormKernels {
  layer_norm(
    m: number,
    n: number,
    epsilon: number,
    x: Pointer,
    xRow: number,
    gain: Pointer,
    bias: Pointer,
    y: Pointer,
    yRow: number,
    means: Pointer,
    scales: Pointer,
  ): void;
  layer_norm_backward(
    m: number,
    n: number,
    x: Pointer,
    xRow: number,
    gain: Pointer,
    means: Pointer,
    scales: Pointer,
    dy: Pointer,
    dyRow: number,
    dx: Pointer,
    dxRow: number,
    dGain: Pointer,
    dBias: Pointer,
  ): void;
}
