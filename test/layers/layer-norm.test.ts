import { expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import { layerNorm } from '../../src/layers/layer-norm.js';
import { layerConformance, Trial } from '../conformance/layer.js';
import { seeded } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';

const layer = (width: number) => ({
  input: width,
  output: width,
  create: (params: Params) => layerNorm(params, 'norm', width).forward,
});

for (const width of [5, 8]) layerConformance(`layer norm of ${width} columns`, layer(width));

it('a new layer norm gives rows of mean 0 and variance 1', () => {
  const trial = new Trial(layer(9));
  trial.bench.values('norm.bias').fill(0);
  trial.bench.params.initialize(seeded());
  const y = trial.output();
  for (let i = 0; i < y.length; i += 9) {
    const row = Array.from(y.subarray(i, i + 9));
    const mean = row.reduce((sum, value) => sum + value, 0) / 9;
    const variance = row.reduce((sum, value) => sum + value * value, 0) / 9;
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 3);
  }
});

it('a layer norm does not see the scale and the level of a row', () => {
  const trial = new Trial(layer(7));
  const before = trial.output();
  trial.x.forEach((value, i) => {
    trial.x[i] = 8 * value + 3;
  });
  // 1e-5 weighs less beside the larger variance.
  expectClose(trial.output(), before, { ...roundings(64, 4), absolute: 1e-3 });
});
