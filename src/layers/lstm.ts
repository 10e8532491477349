/**
 * One direction of an LSTM layer over a ragged batch: x [N × D] to h [N × H]. The products with W run over all tokens
 * at once; the recurrence is one fused kernel (see src/kernels/lstm.ts).
 */
import type { Matrix } from '../core/matrix.js';
import { Packed, packedBytes } from '../core/packed.js';
import type { Initializer, Params } from '../core/params.js';
import { gradient, type Run } from '../core/run.js';
import { uniform } from './init.js';

export interface LstmDirection {
  /** Writes h. The backward function overwrites dh and writes dx, or adds to it when `accumulate`. */
  forward(x: Matrix, h: Matrix, run: Run): (dh: Matrix, dx: Matrix, accumulate: boolean) => void;
}

/** Zeros, and 1 for the forget gate, so that a new network remembers (Jozefowicz et al. 2015). */
const forgetOne: Initializer = (values, [size]) => {
  values.fill(1, size / 4, size / 2);
};

export function lstmDirection(
  params: Params,
  name: string,
  input: number,
  units: number,
  reverse: boolean,
): LstmDirection {
  const gates = 4 * units;
  const range = uniform(1 / Math.sqrt(units));
  const weight = params.claim(`${name}.weight`, [input, gates], range);
  const recurrent = params.claim(`${name}.recurrent`, [units, gates], range);
  const bias = params.claim(`${name}.bias`, [gates], forgetOne);
  const packedWeight = new Packed(weight);
  const packedRecurrent = new Packed(recurrent);
  return {
    forward(x, h, run) {
      const { kernels, arena } = run;
      const { tokens: n, length, steps, sentences } = run.batch;
      const z = arena.words(n * gates);
      const cells = arena.words(n * units);
      const squashed = arena.words(n * units);
      kernels.fill_rows(n, gates, params.address(bias), z, gates);
      kernels.matmul(n, gates, input, x.address, x.stride, 1, packedWeight.plain(run), z, gates, true);
      const u = packedRecurrent.plain(run);
      kernels.lstm_forward(length, steps, reverse, units, z, u, h.address, h.stride, cells, squashed);
      return (dh, dx, accumulate) => {
        const uT = packedRecurrent.transposed(run);
        const dc = arena.zeros(sentences * units);
        kernels.lstm_backward(
          length,
          steps,
          reverse,
          units,
          z,
          uT,
          dh.address,
          dh.stride,
          cells,
          squashed,
          dc,
        );
        const dz = arena.allocate(packedBytes(n, gates));
        const before = arena.words(n * units);
        kernels.pack(n, gates, z, gates, dz);
        kernels.shift_rows(length, steps, reverse, units, h.address, h.stride, before);
        kernels.matmul(input, gates, n, x.address, 1, x.stride, dz, gradient(run, weight), gates, true);
        kernels.matmul(units, gates, n, before, 1, units, dz, gradient(run, recurrent), gates, true);
        kernels.add_columns(n, gates, z, gates, gradient(run, bias));
        kernels.matmul(
          n,
          input,
          gates,
          z,
          gates,
          1,
          packedWeight.transposed(run),
          dx.address,
          dx.stride,
          accumulate,
        );
      };
    },
  };
}
