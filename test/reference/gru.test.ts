import { referenceCells } from '../support/recurrent.js';
import { recurrentKernels } from '../support/recurrent-kernels.js';

recurrentKernels({
  name: 'gru',
  cell: referenceCells.gru,
  forward(kernels, { t, steps, reverse, units, z, u, state, mask, before, h, hRow }) {
    kernels.gru_forward(t, steps, reverse, units, z, u, state, mask, before, h, hRow);
    return {
      backward: (uT, work, dh, dhRow) =>
        kernels.gru_backward(t, steps, reverse, units, z, uT, state, mask, work, h, hRow, dh, dhRow),
    };
  },
});
