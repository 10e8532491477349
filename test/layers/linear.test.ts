import { expect, it } from 'vitest';
import { linear } from '../../src/layers/linear.js';
import { layerConformance, Trial } from '../conformance/layer.js';
import { affine } from '../support/affine.js';
import { expectClose, roundings } from '../support/close.js';

const layer = (input: number, output: number) => ({
  input,
  output,
  create: (params: Parameters<typeof linear>[0]) => linear(params, 'linear', input, output).forward,
});

for (const [input, output] of [
  [5, 3],
  [1, 1],
  [4, 9],
]) {
  layerConformance(`linear ${input} to ${output}`, layer(input, output));
}

it('a linear layer is x · W + b', () => {
  const trial = new Trial(layer(6, 10));
  const { bench, x } = trial;
  const expected = affine(x, bench.values('linear.weight'), bench.values('linear.bias'));
  expectClose(trial.output(), expected.flat(), roundings(8, 4));
});

it('a linear layer sees the same parameters after they changed, in both directions of the pass', () => {
  const trial = new Trial(layer(6, 10));
  trial.gradients();
  trial.bench.values('linear.weight').fill(0.25);
  trial.bench.params.version++;
  const sums = trial.gradients().find(({ name }) => name === 'x')!.gradient;
  const rows = affine(trial.dy, new Float32Array(10 * 6).fill(0.25), new Float32Array(6));
  expectClose(sums, rows.flat(), roundings(16, 4));
  expect(trial.output().every(Number.isFinite)).toBe(true);
});
