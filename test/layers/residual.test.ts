import { describe, expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import { layerNorm } from '../../src/layers/layer-norm.js';
import { linear } from '../../src/layers/linear.js';
import { residuals } from '../../src/layers/residual.js';
import { sentenceOrder } from '../../src/layers/sentence-rows.js';
import { type Forward, layerConformance, Trial } from '../conformance/layer.js';
import { exact, expectClose } from '../support/close.js';

const WIDTH = 5;

/** A linear branch; what comes in has no gaps between its rows. */
const layer = (norm: keyof typeof residuals, depth = 1) => {
  const create =
    (rate: number) =>
    (params: Params): Forward => {
      const layers = Array.from({ length: depth }, (_, i) => ({
        around: residuals[norm](layerNorm(params, `${i}.norm`, WIDTH), rate),
        branch: linear(params, `${i}.branch`, WIDTH, WIDTH).forward,
      }));
      return (x, run) => {
        const { toSentences, toBatch } = sentenceOrder(run);
        let y = toSentences(x);
        const backwards = layers.map(({ around, branch }) => {
          const [next, backward] = around(y, branch, run);
          y = next;
          return backward;
        });
        return [
          toBatch(y),
          (dy) => toBatch(backwards.reduceRight((d, backward) => backward(d), toSentences(dy))),
        ];
      };
    };
  return { input: WIDTH, output: WIDTH, create: create(0), random: create(0.4) };
};

for (const norm of ['pre', 'post'] as const) layerConformance(`a residual, norm ${norm}`, layer(norm));

describe('with norm pre and branches that add nothing, at depth 4', () => {
  const trial = () => {
    const one = new Trial(layer('pre', 4));
    for (let i = 0; i < 4; i++) {
      for (const part of ['weight', 'bias']) one.bench.values(`${i}.branch.${part}`).fill(0);
    }
    return one;
  };

  it('what comes in comes out', () => {
    const one = trial();
    expectClose(one.output(), one.x, exact);
  });

  it('the gradient passes as it is', () => {
    const one = trial();
    const dx = one.gradients().find(({ name }) => name === 'x')!.gradient;
    expect(dx).toEqual(one.dy);
  });
});
