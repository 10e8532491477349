import { describe, it } from 'vitest';
import { combine, numbers, seeded, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose } from '../support/close.js';
import { ragged, raggedLengths } from '../support/ragged.js';
import { referenceCells } from '../support/recurrent.js';
import { recurrentKernels } from '../support/recurrent-kernels.js';

describe.each(['tanh', 'relu'] as const)('%s', (activation) => {
  const relu = activation === 'relu';
  recurrentKernels({
    name: 'rnn',
    cell: referenceCells[activation],
    forward(kernels, { t, steps, reverse, units, z, u, state, mask, before, h, hRow }) {
      kernels.rnn_forward(t, steps, reverse, units, relu, z, u, state, mask, before, h, hRow);
      return {
        backward: (uT, work, dh, dhRow) =>
          kernels.rnn_backward(t, steps, reverse, units, relu, z, uT, mask, work, h, hRow, dh, dhRow),
      };
    },
  });
});

eachBuild(({ kernels, check }) => {
  it('last_rows takes the row of the last token of every sentence, and writes nothing between the states', () => {
    const shapes = combine({ lengths: [[], ...raggedLengths], units: [1, 3, 4, 9], extra: [0, 3] });
    check(shapes, ({ lengths, units, extra }, memory) => {
      const batch = ragged(lengths);
      const stride = units + extra;
      const x = numbers(batch.tokens * stride, seeded(units));
      const state = memory.output(unset(lengths.length * stride));
      const steps = memory.input(batch.steps);
      kernels.last_rows(batch.length, steps, units, memory.input(x), stride, state.address, stride);
      const expected = unset(lengths.length * stride);
      lengths.forEach((length, b) => {
        const from = batch.row(b, length - 1) * stride;
        expected.set(x.subarray(from, from + units), b * stride);
      });
      expectClose(state.read(), expected, exact);
    });
  });
});
