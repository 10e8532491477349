/** A plain recurrence (Elman 1990), with tanh or the rectifier, as a cell of a recurrent layer. See src/kernels/rnn.ts. */
import { zeros } from './init.js';
import type { Cell } from './recurrent.js';

export function rnnCell(relu: boolean): Cell {
  return {
    columns: { z: 1, w: 1, u: 1 },
    states: 1,
    gates: {},
    bias: zeros,
    forward({ run, units, reverse, z, u, state, mask, before, h }) {
      const { kernels } = run;
      const { length: t, steps } = run.batch;
      const { address, stride } = h;
      kernels.rnn_forward(t, steps, reverse, units, relu, z, u, state, mask, before, address, stride);
      return {
        carried: [h],
        backward(dh, uT, work) {
          const { address: d, stride: dRow } = dh;
          kernels.rnn_backward(t, steps, reverse, units, relu, z, uT, mask, work, address, stride, d, dRow);
        },
      };
    },
  };
}
