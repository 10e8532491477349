/** Convolutions over the tokens of a ragged batch. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface ConvolutionKernels {
  conv_forward(
    t: number,
    steps: Pointer,
    width: number,
    dilation: number,
    filters: number,
    z: Pointer,
    b: Pointer,
    y: Pointer,
    yRow: number,
  ): void;
  conv_backward(
    t: number,
    steps: Pointer,
    width: number,
    dilation: number,
    filters: number,
    y: Pointer,
    yRow: number,
    dy: Pointer,
    dyRow: number,
    dz: Pointer,
  ): void;
}
