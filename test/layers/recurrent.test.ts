import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/core/matrix.js';
import type { Params } from '../../src/core/params.js';
import { gruCell } from '../../src/layers/gru.js';
import { lstmCell } from '../../src/layers/lstm.js';
import { recurrentDirection } from '../../src/layers/recurrent.js';
import { rnnCell } from '../../src/layers/rnn.js';
import { type Forward, layerConformance, Trial } from '../conformance/layer.js';
import { affine } from '../support/affine.js';
import { seeded } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';
import { recurrentReference, referenceCells } from '../support/recurrent.js';
import { pick, tokensOf } from '../support/rows.js';

const [INPUT, UNITS] = [5, 6];

const cells = [
  { name: 'lstm', cell: lstmCell, reference: referenceCells.lstm },
  { name: 'gru', cell: gruCell, reference: referenceCells.gru },
  { name: 'rnn with tanh', cell: rnnCell(false), reference: referenceCells.tanh },
  { name: 'rnn with relu', cell: rnnCell(true), reference: referenceCells.relu },
].flatMap((one) => [false, true].map((reverse) => ({ ...one, reverse })));

describe.each(cells)('one direction of the $name, reverse: $reverse', ({ cell, reference, reverse }) => {
  /** As a layer; `before` is what dx holds when the backward function adds to it. */
  const layer = (before?: number) => ({
    input: INPUT,
    output: UNITS,
    create: (params: Params): Forward => {
      const direction = recurrentDirection(params, 'one', cell, { input: INPUT, units: UNITS, reverse });
      return (x, run) => {
        const words = (n: number) => run.arena.words(x.rows * n);
        const h = matrix(words(UNITS), x.rows, UNITS);
        const backward = direction.forward(x, h, run);
        return [
          h,
          (dh) => {
            const dx = matrix(words(INPUT), x.rows, INPUT);
            const from = dx.address / 4;
            if (before !== undefined) run.arena.heap.f32.fill(before, from, from + x.rows * INPUT);
            backward(dh, dx, before !== undefined);
            return dx;
          },
        ];
      };
    },
  });

  layerConformance('direction', layer());

  it('follows its equations on every sentence by itself', () => {
    const trial = new Trial(layer());
    const [w, u, b] = ['weight', 'recurrent', 'bias'].map((name) => trial.bench.values(`one.${name}`));
    // Columns of z that nothing of x goes into have weights of zero.
    const columns = w.length / INPUT;
    const wide = Float64Array.from({ length: INPUT * b.length }, (_, i) =>
      i % b.length < columns ? w[Math.floor(i / b.length) * columns + (i % b.length)] : 0,
    );
    const y = trial.output();
    trial.sentences.forEach((_, s) => {
      const tokens = tokensOf(trial.sentences, s);
      const z = affine(pick(trial.x, INPUT, tokens), wide, b).map((row) => Float64Array.from(row));
      const { h } = recurrentReference(reference, { z, u: Float64Array.from(u), units: UNITS, reverse });
      expectClose(
        pick(y, UNITS, tokens),
        h.flatMap((row) => [...row]),
        roundings(64, 4),
        `sentence ${s}, h`,
      );
    });
  });

  it('adds to dx when asked', () => {
    const dx = (before?: number) => {
      const parts = new Trial(layer(before)).gradients();
      return parts.find(({ name }) => name === 'x')!.gradient;
    };
    const once = dx();
    expectClose(
      dx(2),
      once.map((d) => d + 2),
      roundings(16, 8),
    );
  });

  it('starts with a bias of zero, and of one for the forget gate', () => {
    const { bench } = new Trial(layer());
    bench.values('one.bias').fill(0);
    bench.params.initialize(seeded());
    const bias = [...bench.values('one.bias')];
    const ones = cell === lstmCell ? 1 : -1;
    expect(bias).toEqual(bias.map((_, i) => (Math.floor(i / UNITS) === ones ? 1 : 0)));
  });
});
