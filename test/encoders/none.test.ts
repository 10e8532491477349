import { expect, it } from 'vitest';
import { none } from '../../src/encoders/none.js';
import { changedRows, encoderConformance, encoderLayer } from '../conformance/encoder.js';
import { Trial } from '../conformance/layer.js';

const options = { kind: 'none', dropout: 0 };

encoderConformance(none, [{ name: 'none', options, dropped: { ...options, dropout: 0.4 } }]);

it('gives every token the vector that it has', () => {
  const trial = new Trial(encoderLayer(none, options));
  expect(trial.output()).toEqual(trial.x);
});

it('shows a token nothing of the others', () => {
  expect(changedRows(encoderLayer(none, options), 1, 2)).toEqual([[1, 2]]);
});
