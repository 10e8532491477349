import { expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import { feedForward } from '../../src/layers/feed-forward.js';
import { layerConformance, Trial } from '../conformance/layer.js';
import { affine } from '../support/affine.js';
import { expectClose, roundings } from '../support/close.js';
import { geluOf } from '../support/normal.js';

const layer = (width: number, inner: number) => ({
  input: width,
  output: width,
  create: (params: Params) => feedForward(params, 'feed', width, inner).forward,
});

layerConformance('feed-forward', layer(5, 7));

it('a feed-forward layer is an affine map, gelu, and another affine map', () => {
  const trial = new Trial(layer(4, 9));
  const [w, b, w2, b2] = ['widen.weight', 'widen.bias', 'narrow.weight', 'narrow.bias'].map((name) =>
    trial.bench.values(`feed.${name}`),
  );
  const inner = affine(trial.x, w, b).flat().map(geluOf);
  expectClose(trial.output(), affine(inner, w2, b2).flat(), roundings(64, 4));
  expect(trial.output()).toHaveLength(trial.x.length);
});
