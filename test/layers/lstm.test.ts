import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/core/matrix.js';
import type { Params } from '../../src/core/params.js';
import { lstmDirection } from '../../src/layers/lstm.js';
import { type Forward, layerConformance, Trial } from '../conformance/layer.js';
import { affine } from '../support/affine.js';
import { seeded } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';
import { lstmReference } from '../support/lstm.js';
import { pick, tokensOf } from '../support/rows.js';

const [INPUT, UNITS] = [5, 6];

/** An LSTM as a layer; `before` is what dx holds when the backward function adds to it. */
const layer = (reverse: boolean, before?: number) => ({
  input: INPUT,
  output: UNITS,
  create: (params: Params): Forward => {
    const lstm = lstmDirection(params, 'lstm', INPUT, UNITS, reverse);
    return (x, run) => {
      const words = (n: number) => run.arena.words(x.rows * n);
      const h = matrix(words(UNITS), x.rows, UNITS);
      const backward = lstm.forward(x, h, run);
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

describe.each([false, true])('one direction of an lstm, reverse: %s', (reverse) => {
  layerConformance('lstm direction', layer(reverse));

  it('is the LSTM of Gers et al. on every sentence by itself', () => {
    const trial = new Trial(layer(reverse));
    const [w, u, b] = ['weight', 'recurrent', 'bias'].map((name) => trial.bench.values(`lstm.${name}`));
    const y = trial.output();
    trial.sentences.forEach((_, s) => {
      const tokens = tokensOf(trial.sentences, s);
      const z = affine(pick(trial.x, INPUT, tokens), w, b).map((row) => Float64Array.from(row));
      const { h } = lstmReference(z, Float64Array.from(u), UNITS, reverse);
      expectClose(
        pick(y, UNITS, tokens),
        h.flatMap((row) => [...row]),
        roundings(64),
        `sentence ${s}, h`,
      );
    });
  });

  it('adds to dx when asked', () => {
    const dx = (before?: number) => {
      const parts = new Trial(layer(reverse, before)).gradients();
      return parts.find(({ name }) => name === 'x')!.gradient;
    };
    const once = dx();
    expectClose(
      dx(2),
      once.map((d) => d + 2),
      roundings(16, 4),
    );
  });

  it('starts with a forget gate that is open', () => {
    const { bench } = new Trial(layer(reverse));
    bench.values('lstm.bias').fill(0);
    bench.params.initialize(seeded());
    const bias = [...bench.values('lstm.bias')];
    expect(bias).toEqual(bias.map((_, i) => (Math.floor(i / UNITS) === 1 ? 1 : 0)));
  });
});
