import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/core/matrix.js';
import type { Params } from '../../src/core/params.js';
import type { Run } from '../../src/core/run.js';
import { connections } from '../../src/layers/connections.js';
import { inTurn } from '../../src/layers/in-turn.js';
import { linear } from '../../src/layers/linear.js';
import { layerConformance, Trial } from '../conformance/layer.js';
import { exact, expectClose, roundings } from '../support/close.js';

const WIDTH = 5;

/** As many connections as asked for, one after another, each around a linear layer that spoils the gradient it is given. */
const around = (name: keyof typeof connections, depth: number) => ({
  input: WIDTH,
  output: WIDTH,
  create: (params: Params) => {
    const layers = Array.from({ length: depth }, (_, i) => {
      const inner = linear(params, `${i}`, WIDTH, WIDTH);
      const connection = connections[name](params, `${i}`, WIDTH);
      const spoiling = (x: Matrix, run: Run): ReturnType<typeof inner.forward> => {
        const [y, backward] = inner.forward(x, run);
        return [y, (dy) => spoiled(dy, backward(dy), run)];
      };
      return (x: Matrix, run: Run) => connection(x, spoiling, run);
    });
    return inTurn(layers);
  },
});

function spoiled({ address, rows, cols, stride }: Matrix, dx: Matrix, run: Run): Matrix {
  const { f32 } = run.arena.heap;
  for (let i = 0; i < rows; i++)
    f32.fill(Number.NaN, address / 4 + i * stride, address / 4 + i * stride + cols);
  return dx;
}

const names = Object.keys(connections) as (keyof typeof connections)[];
for (const name of names) {
  for (const depth of [1, 2]) layerConformance(`connection ${name}, depth ${depth}`, around(name, depth));
}

describe('four layers that make nothing of what comes in', () => {
  it('pass it and its gradient exactly through residuals', () => {
    const trial = new Trial(around('residual', 4));
    for (const { name } of trial.bench.params.dense) trial.bench.values(name).fill(0);
    expectClose(trial.output(), trial.x, exact);
    const dx = trial.gradients().find(({ name }) => name === 'x')!;
    expectClose(dx.gradient, trial.dy, exact);
  });

  it('pass what their gates leave through highways', () => {
    const trial = new Trial(around('highway', 4));
    for (const { name } of trial.bench.params.dense)
      trial.bench.values(name).fill(name.endsWith('gate.bias') ? -2 : 0);
    const share = (1 - 1 / (1 + Math.exp(2))) ** 4;
    expectClose(
      trial.output(),
      trial.x.map((x) => x * share),
      roundings(16),
    );
    const dx = trial.gradients().find(({ name }) => name === 'x')!;
    expectClose(
      dx.gradient,
      trial.dy.map((d) => d * share),
      roundings(16),
    );
  });

  it('pass nothing without', () => {
    const trial = new Trial(around('none', 4));
    for (const { name } of trial.bench.params.dense) trial.bench.values(name).fill(0);
    expect(trial.output().every((y) => y === 0)).toBe(true);
  });
});

it('a highway whose gates are wide open is the layer, one whose gates are shut is not there', () => {
  const trial = new Trial(around('highway', 1));
  const alone = new Trial(around('none', 1));
  for (const part of ['weight', 'bias']) alone.bench.values(`0.${part}`).set(trial.bench.values(`0.${part}`));
  trial.bench.values('0.gate.weight').fill(0);
  trial.bench.values('0.gate.bias').fill(60);
  expectClose(trial.output(), alone.output(), roundings(8, 8));
  trial.bench.values('0.gate.bias').fill(-60);
  expectClose(trial.output(), trial.x, roundings(8, 8));
});
