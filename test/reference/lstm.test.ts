import { referenceCells } from '../support/recurrent.js';
import { recurrentKernels } from '../support/recurrent-kernels.js';

recurrentKernels({
  name: 'lstm',
  cell: referenceCells.lstm,
  saves: {
    c: (states, unit, units) => states[units + unit],
    s: (states, unit, units) => Math.tanh(states[units + unit]),
  },
  forward(kernels, { t, steps, reverse, units, z, u, state, mask, before, h, hRow, rows, sentences }) {
    const saved = { c: rows(), s: rows() };
    const [c, s] = [saved.c.address, saved.s.address];
    kernels.lstm_forward(t, steps, reverse, units, z, u, state, mask, before, h, hRow, c, s);
    return {
      saved,
      backward(uT, work, dh, dhRow) {
        const dc = sentences().address;
        kernels.lstm_backward(t, steps, reverse, units, z, uT, state, mask, work, dh, dhRow, c, s, dc);
      },
    };
  },
});
