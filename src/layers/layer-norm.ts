/** Layer normalisation (Ba et al. 2016): the columns of every row of x [N × D] with mean 0 and variance 1, then gain · x + bias. */
import type { Matrix } from '../core/matrix.js';
import type { Initializer, Params } from '../core/params.js';
import { blank } from '../core/product.js';
import { gradient, type Run } from '../core/run.js';
import { ones, zeros } from './init.js';

export interface LayerNorm {
  /** x must stay as it is until the backward pass. */
  forward(x: Matrix, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

/** Added to the variance, and first values. */
export interface LayerNormOptions {
  readonly epsilon?: number;
  readonly gain?: Initializer;
  readonly bias?: Initializer;
}

export function layerNorm(
  params: Params,
  name: string,
  width: number,
  { epsilon = 1e-5, ...init }: LayerNormOptions = {},
): LayerNorm {
  const gain = params.claim(`${name}.gain`, [width], init.gain ?? ones);
  const bias = params.claim(`${name}.bias`, [width], init.bias ?? zeros);
  return {
    forward(x, run) {
      const { kernels, arena } = run;
      const { rows, address, stride } = x;
      const y = blank(rows, width, run);
      const [means, scales] = [arena.words(rows), arena.words(rows)];
      const [g, b] = [params.address(gain), params.address(bias)];
      kernels.layer_norm(rows, width, epsilon, address, stride, g, b, y.address, y.stride, means, scales);
      const backward = (dy: Matrix) => {
        const dx = blank(rows, width, run);
        kernels.layer_norm_backward(
          rows,
          width,
          address,
          stride,
          g,
          means,
          scales,
          dy.address,
          dy.stride,
          dx.address,
          dx.stride,
          gradient(run, gain),
          gradient(run, bias),
        );
        return dx;
      };
      return [y, backward];
    },
  };
}
