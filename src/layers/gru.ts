/**
 * The GRU (Cho et al. 2014) as a cell of a recurrent layer, its reset gate after the recurrent product. W gives n, r and k
 * (the new value, the reset gate, the gate that keeps), U gives r, k and q, which the reset gate lets into n. See
 * src/kernels/gru.ts.
 */
import { zeros } from './init.js';
import type { Cell } from './recurrent.js';

export const gruCell: Cell = {
  columns: { z: 4, w: 3, u: 3 },
  states: 1,
  gates: { reset: 1, keep: 2 },
  bias: zeros,
  forward({ run, units, reverse, z, u, state, mask, before, h }) {
    const { kernels } = run;
    const { length: t, steps } = run.batch;
    const { address, stride } = h;
    kernels.gru_forward(t, steps, reverse, units, z, u, state, mask, before, address, stride);
    return {
      carried: [h],
      backward(dh, uT, work) {
        const { address: d, stride: dRow } = dh;
        kernels.gru_backward(t, steps, reverse, units, z, uT, state, mask, work, address, stride, d, dRow);
      },
    };
  },
};
