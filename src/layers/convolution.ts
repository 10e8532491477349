/**
 * A dilated convolution over the tokens of a sentence, and a ReLU: x [N × D] to y [N × F], y of token t
 * = max(0, b + Σ x of token t + (k − (W − 1) / 2) · dilation, times W_k), with zeros beyond the ends of the sentence.
 *
 * The weights of the taps stand side by side, [D × W·F], so that one product over all tokens serves every tap. A kernel
 * adds up what belongs together (see src/kernels/convolution.ts); nothing is copied into windows, and of the forward pass
 * only x and y are kept. Measured with 200 filters, forward and backward in GFLOP/s, on batches of 10 and 32 sentences:
 * so 45 and 42, 43 and 42; by windows of x and of dy 46 and 42, 45 and 38, with three times the memory; by a product
 * for each tap and step, which copies nothing at all, 47 and 43, 49 and 41, but 35 and 36 for a sentence by itself.
 */
import { columns, type Matrix, matrix } from '../core/matrix.js';
import { packed, packedBytes, packedTransposed } from '../core/packed.js';
import type { Initializer, Params } from '../core/params.js';
import { addBiasGradient, addWeightGradient, blank, multiply } from '../core/product.js';
import { gradient, gradientMatrix, type Run } from '../core/run.js';
import { uniform, zeros } from './init.js';

export interface ConvolutionOptions {
  /** D and F. */
  readonly input: number;
  readonly filters: number;
  /** Tokens under a filter, W; odd. */
  readonly width: number;
  /** Distance of these tokens. */
  readonly dilation: number;
  /** Of the weights; `fair` by default. */
  readonly init?: Initializer;
}

/** Working memory that convolutions of one pass use one after another. */
export interface Taps {
  /** Addresses of [N × W·F], and in training of the same packed. */
  readonly values: number;
  readonly packed: number;
}

export interface Convolution {
  forward(x: Matrix, taps: Taps, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

export function tapsFor(rows: number, width: number, filters: number, run: Run): Taps {
  const values = run.arena.words(rows * width * filters);
  const bytes = packedBytes(rows, width * filters);
  return { values, packed: run.gradients === 0 ? 0 : run.arena.allocate(bytes) };
}

/** Uniform, so that values keep their size on the way forward and back (Glorot and Bengio 2010). */
export function fair(input: number, filters: number, width: number): Initializer {
  return uniform(Math.sqrt(6 / (width * (input + filters))));
}

/** The middle tap is 1 from every input to the filter of its number: with as many filters as inputs, y = max(0, x). */
export function identity(width: number): Initializer {
  return (values, [input, cols]) => {
    const filters = cols / width;
    for (let i = 0; i < Math.min(input, filters); i++) values[i * cols + ((width - 1) / 2) * filters + i] = 1;
  };
}

export function convolution(params: Params, name: string, options: ConvolutionOptions): Convolution {
  const { input, filters, width, dilation, init = fair(input, filters, width) } = options;
  const weight = params.claim(`${name}.weight`, [input, width * filters], init);
  const bias = params.claim(`${name}.bias`, [filters], zeros);
  const factor = packed(params, weight);
  const transposed = packedTransposed(params, weight);
  return {
    forward(x, taps, run) {
      const { kernels, batch } = run;
      const { length: t, steps, tokens: n } = batch;
      const z = matrix(taps.values, n, width * filters);
      const y = blank(n, filters, run);
      multiply(x, factor.fresh(kernels), z, run);
      const b = params.address(bias);
      kernels.conv_forward(t, steps, width, dilation, filters, z.address, b, y.address, y.stride);
      const backward = (dy: Matrix) => {
        const dz = matrix(taps.values, n, width * filters);
        const [from, to] = [y.address, dy.address];
        kernels.conv_backward(t, steps, width, dilation, filters, from, y.stride, to, dy.stride, dz.address);
        kernels.pack(n, dz.cols, dz.address, dz.stride, taps.packed);
        addWeightGradient(x, taps.packed, gradientMatrix(run, weight), run);
        addBiasGradient(columns(dz, ((width - 1) / 2) * filters, filters), gradient(run, bias), run);
        const dx = blank(n, input, run);
        multiply(dz, transposed.fresh(kernels), dx, run);
        return dx;
      };
      return [y, backward];
    },
  };
}
