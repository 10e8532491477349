/** y = x · W + b, with x [N × D], W [D × H], b [H]. */
import type { Matrix } from '../core/matrix.js';
import { packed, packedTransposed } from '../core/packed.js';
import type { Initializer, Params } from '../core/params.js';
import { addBiasGradient, addWeightGradient, blank, multiply, packedCopy, rowsOf } from '../core/product.js';
import { gradient, gradientMatrix, type Run } from '../core/run.js';
import { uniform, zeros } from './init.js';

export interface Linear {
  forward(x: Matrix, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

/** First values of W and of b. */
export interface LinearInit {
  readonly weight?: Initializer;
  readonly bias?: Initializer;
}

export function linear(
  params: Params,
  name: string,
  input: number,
  output: number,
  init: LinearInit = {},
): Linear {
  const weight = params.claim(
    `${name}.weight`,
    [input, output],
    init.weight ?? uniform(1 / Math.sqrt(input)),
  );
  const bias = params.claim(`${name}.bias`, [output], init.bias ?? zeros);
  const factor = packed(params, weight);
  const transposed = packedTransposed(params, weight);
  return {
    forward(x, run) {
      const y = rowsOf(params.address(bias), x.rows, output, run);
      multiply(x, factor.fresh(run.kernels), y, run, true);
      const backward = (dy: Matrix) => {
        addWeightGradient(x, packedCopy(dy, run), gradientMatrix(run, weight), run);
        addBiasGradient(dy, gradient(run, bias), run);
        const dx = blank(x.rows, input, run);
        multiply(dy, transposed.fresh(run.kernels), dx, run);
        return dx;
      };
      return [y, backward];
    },
  };
}
