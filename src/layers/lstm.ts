/** The LSTM (Hochreiter and Schmidhuber 1997) as a cell of a recurrent layer; gates i, f, g, o. See src/kernels/lstm.ts. */
import { matrix } from '../core/matrix.js';
import type { Initializer } from '../core/params.js';
import type { Cell } from './recurrent.js';

/** Zeros, and 1 for the forget gate, so that a new network remembers (Jozefowicz et al. 2015). */
export const forgetOne: Initializer = (values, [size]) => {
  values.fill(1, size / 4, size / 2);
};

export const lstmCell: Cell = {
  columns: { z: 4, w: 4, u: 4 },
  states: 2,
  gates: { input: 0, forget: 1, output: 3 },
  bias: forgetOne,
  forward({ run, units, reverse, z, u, state, mask, before, h }) {
    const { kernels, arena } = run;
    const { tokens: n, length: t, steps, sentences } = run.batch;
    const [c, s] = [arena.words(n * units), arena.words(n * units)];
    kernels.lstm_forward(t, steps, reverse, units, z, u, state, mask, before, h.address, h.stride, c, s);
    return {
      carried: [h, matrix(c, n, units)],
      backward(dh, uT, work) {
        const { address: d, stride: dRow } = dh;
        const dc = arena.zeros(sentences * units);
        kernels.lstm_backward(t, steps, reverse, units, z, uT, state, mask, work, d, dRow, c, s, dc);
      },
    };
  },
};
