/**
 * One direction of an LSTM layer over a ragged batch: x [N × D] to h [N × H]. The products with W run over all tokens
 * at once; the recurrence is one fused kernel (see src/kernels/lstm.ts).
 */
import type { Matrix } from '../core/matrix.js';
import { packed, packedTransposed } from '../core/packed.js';
import type { Initializer, Params } from '../core/params.js';
import { addBiasGradient, addWeightGradient, blank, multiply, packedCopy, rowsOf } from '../core/product.js';
import { gradient, gradientMatrix, type Run } from '../core/run.js';
import { uniform } from './init.js';

export interface LstmDirection {
  /** Writes h. The backward function overwrites dh and writes dx, or adds to it when `accumulate`. */
  forward(x: Matrix, h: Matrix, run: Run): (dh: Matrix, dx: Matrix, accumulate: boolean) => void;
}

/** Zeros, and 1 for the forget gate, so that a new network remembers (Jozefowicz et al. 2015). */
export const forgetOne: Initializer = (values, [size]) => {
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
  const w = packed(params, weight);
  const wT = packedTransposed(params, weight);
  const u = packed(params, recurrent);
  const uT = packedTransposed(params, recurrent);
  return {
    forward(x, h, run) {
      const { kernels, arena } = run;
      const { tokens: n, length: t, steps, sentences } = run.batch;
      const z = rowsOf(params.address(bias), n, gates, run);
      const [c, s] = [arena.words(n * units), arena.words(n * units)];
      multiply(x, w.fresh(kernels), z, run, true);
      const from = u.fresh(kernels);
      kernels.lstm_forward(t, steps, reverse, units, z.address, from, h.address, h.stride, c, s);
      return (dh, dx, accumulate) => {
        const back = uT.fresh(kernels);
        const dc = arena.zeros(sentences * units);
        kernels.lstm_backward(t, steps, reverse, units, z.address, back, dh.address, dh.stride, c, s, dc);
        // z now holds its own gradient.
        const dz = packedCopy(z, run);
        const before = blank(n, units, run);
        kernels.shift_rows(t, steps, reverse, units, h.address, h.stride, before.address);
        addWeightGradient(x, dz, gradientMatrix(run, weight), run);
        addWeightGradient(before, dz, gradientMatrix(run, recurrent), run);
        addBiasGradient(z, gradient(run, bias), run);
        multiply(z, wT.fresh(kernels), dx, run, accumulate);
      };
    },
  };
}
