import { expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import { feedForward } from '../../src/layers/feed-forward.js';
import { inTurn } from '../../src/layers/in-turn.js';
import { tidy } from '../../src/layers/tidy.js';
import { type Forward, type LayerCase, layerConformance, Trial } from '../conformance/layer.js';
import { sentencesOf } from '../support/workbench.js';

/** Layers one behind the other. */
function layers(count: number, tidied: boolean): LayerCase {
  const create = (params: Params): Forward =>
    inTurn(
      Array.from({ length: count }, (_, i) => {
        const { forward } = feedForward(params, `${i}`, 5, 40);
        return tidied ? tidy(forward) : forward;
      }),
    );
  return { input: 5, output: 5, create };
}

layerConformance('tidy layers', layers(2, true));

it('tidy layers do what the layers do', () => {
  const [tidied, plain] = [true, false].map((each) => new Trial(layers(3, each)));
  expect(tidied.output()).toEqual(plain.output());
  const gradients = (trial: Trial) => trial.gradients().map(({ name, gradient }) => [name, gradient]);
  expect(gradients(tidied)).toEqual(gradients(plain));
});

/** The same where no backward pass follows. */
function atInference(of: LayerCase): LayerCase {
  const create = (params: Params): Forward => {
    const forward = of.create(params);
    return (x, run) => forward(x, { ...run, gradients: 0 });
  };
  return { ...of, create };
}

it('tidy layers do what the layers do where no backward pass follows', () => {
  const [tidied, plain] = [true, false].map((each) => new Trial(atInference(layers(3, each))));
  expect(tidied.output()).toEqual(plain.output());
});

it('many tidy layers need a fraction of the memory there', () => {
  const sentences = sentencesOf([400, 300]);
  const used = (tidied: boolean) => {
    const trial = new Trial({ ...atInference(layers(40, tidied)), sentences });
    const { arena } = trial.bench.start(sentences);
    trial.output();
    return arena.size;
  };
  // An arena grows to twice its size, so that a factor of forty is not to be seen as that.
  expect(used(true)).toBeLessThan(used(false) / 4);
});
