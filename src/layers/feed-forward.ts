/** y = gelu(x · W₁ + b₁) · W₂ + b₂, every row by itself: x [N × D] through F columns to y [N × D] (Vaswani et al. 2017). */
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';
import { glorot } from './init.js';
import { type LinearInit, linear } from './linear.js';

export interface FeedForward {
  forward(x: Matrix, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

/** First values of the two maps; of the weights Glorot's where there are none. */
export interface FeedForwardInit {
  readonly widen?: LinearInit;
  readonly narrow?: LinearInit;
}

export function feedForward(
  params: Params,
  name: string,
  width: number,
  inner: number,
  init: FeedForwardInit = {},
): FeedForward {
  const widen = linear(params, `${name}.widen`, width, inner, { weight: glorot(), ...init.widen });
  const narrow = linear(params, `${name}.narrow`, inner, width, { weight: glorot(), ...init.narrow });
  return {
    forward(x, run) {
      const [z, widenBackward] = widen.forward(x, run);
      const activated = blank(z.rows, inner, run);
      run.kernels.gelu(z.rows * inner, z.address, activated.address);
      const [y, narrowBackward] = narrow.forward(activated, run);
      const backward = (dy: Matrix) => {
        const dz = narrowBackward(dy);
        run.kernels.gelu_backward(dz.rows * inner, z.address, dz.address);
        return widenBackward(dz);
      };
      return [y, backward];
    },
  };
}
