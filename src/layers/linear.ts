/** y = x · W + b, with x [N × D], W [D × H], b [H]. */
import { type Matrix, matrix } from '../core/matrix.js';
import { Packed, packedBytes } from '../core/packed.js';
import type { Params } from '../core/params.js';
import { gradient, type Run } from '../core/run.js';
import { uniform, zeros } from './init.js';

export interface Linear {
  forward(x: Matrix, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

export function linear(params: Params, name: string, input: number, output: number): Linear {
  const weight = params.claim(`${name}.weight`, [input, output], uniform(1 / Math.sqrt(input)));
  const bias = params.claim(`${name}.bias`, [output], zeros);
  const packed = new Packed(weight);
  return {
    forward(x, run) {
      const { kernels, arena } = run;
      const y = matrix(arena.words(x.rows * output), x.rows, output);
      kernels.fill_rows(y.rows, output, params.address(bias), y.address, y.stride);
      kernels.matmul(
        y.rows,
        output,
        input,
        x.address,
        x.stride,
        1,
        packed.plain(run),
        y.address,
        y.stride,
        true,
      );
      const backward = (dy: Matrix) => {
        const factor = arena.allocate(packedBytes(dy.rows, output));
        kernels.pack(dy.rows, output, dy.address, dy.stride, factor);
        kernels.matmul(
          input,
          output,
          dy.rows,
          x.address,
          1,
          x.stride,
          factor,
          gradient(run, weight),
          output,
          true,
        );
        kernels.add_columns(dy.rows, output, dy.address, dy.stride, gradient(run, bias));
        const dx = matrix(arena.words(dy.rows * input), dy.rows, input);
        kernels.matmul(
          dx.rows,
          input,
          output,
          dy.address,
          dy.stride,
          1,
          packed.transposed(run),
          dx.address,
          dx.stride,
          false,
        );
        return dx;
      };
      return [y, backward];
    },
  };
}
