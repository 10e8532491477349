/** The optimizers on a whole set of parameters against a naive loop in f64 over the published formulas. */
import { describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Heap } from '../../src/core/heap.js';
import { Params } from '../../src/core/params.js';
import type { TableGradient } from '../../src/core/run.js';
import { type OptimizerOptions, optimizerKinds, optimizerOf } from '../../src/training/optimizers/index.js';
import { combine, numbers, seed, seeded } from '../support/arrays.js';
import { exact, expectClose } from '../support/close.js';
import { optimizer as filledIn } from '../support/method.js';

const [ROWS, DIM] = [7, 5];

/** Two dense parameters with a gap between, a tuned table, and a frozen one. */
function makeParams(params = new Params(engine().heap)) {
  params.claim('a', [3, 3], () => {});
  params.claim('b', [6], () => {});
  const table = params.claimTable('words', ROWS, DIM, true, () => {});
  const frozen = params.claimTable('frozen', ROWS, DIM, false, () => {});
  params.allocate();
  const random = seeded(1);
  for (const parameter of params.dense) params.values(parameter).set(numbers(parameter.size, random));
  for (const one of params.tables) params.tableValues(one).set(numbers(ROWS * DIM, random));
  return { params, table, frozen };
}

/** One number and its state under the optimizer: velocity, or first and second moment, and the largest of the second. */
interface Weight {
  value: number;
  first: number;
  second: number;
  largest: number;
}

/** `step` counts from 1. Sutskever et al. 2013, in the form of PyTorch for Nesterov's. */
function updateSgd(
  options: OptimizerOptions & { kind: 'sgd' },
  weight: Weight,
  g: number,
  rate: number,
): void {
  const { momentum, nesterov, decay } = options;
  const gradient = g + decay * weight.value;
  weight.first = momentum * weight.first + gradient;
  weight.value -= rate * (nesterov ? gradient + momentum * weight.first : weight.first);
}

/** NAdam's momentum (Dozat 2016), as PyTorch has it. */
const nadamMomentum = (beta1: number, growth: number, step: number) =>
  beta1 * (1 - 0.5 * 0.96 ** (growth * step));

/**
 * Kingma and Ba 2015, algorithm 1 · Loshchilov and Hutter 2019, algorithm 2 · Reddi et al. 2018, algorithm 2 · Dozat 2016 ·
 * Liu et al. 2020, algorithm 2.
 */
function update(
  options: OptimizerOptions,
  weight: Weight,
  gradient: number,
  rate: number,
  step: number,
): void {
  if (options.kind === 'sgd') {
    updateSgd(options, weight, gradient, rate);
    return;
  }
  const { kind, beta1, beta2, epsilon, decay } = options;
  const isApart = kind === 'adamw' || kind === 'radam';
  const g = isApart ? gradient : gradient + decay * weight.value;
  if (isApart) weight.value -= rate * decay * weight.value;
  weight.first = beta1 * weight.first + (1 - beta1) * g;
  weight.second = beta2 * weight.second + (1 - beta2) * g * g;
  weight.largest = Math.max(weight.largest, weight.second);
  const mean = weight.first / (1 - beta1 ** step);
  const isLargest = 'amsgrad' in options && options.amsgrad;
  const square = (isLargest ? weight.largest : weight.second) / (1 - beta2 ** step);
  const divisor = Math.sqrt(square) + epsilon;
  if (kind === 'radam') {
    const longest = 2 / (1 - beta2) - 1;
    const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
    const rectified = Math.sqrt(
      ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length),
    );
    weight.value -= length > 5 ? (rate * rectified * mean) / divisor : rate * mean;
  } else if (kind === 'nadam') {
    const momenta = Array.from({ length: step + 1 }, (_, i) => nadamMomentum(beta1, options.growth, i + 1));
    const product = momenta.slice(0, step).reduce((all, momentum) => all * momentum, 1);
    const [now, next] = momenta.slice(-2);
    weight.value -= (rate * (1 - now) * g) / (1 - product) / divisor;
    weight.value -= (rate * next * weight.first) / (1 - product * next) / divisor;
  } else weight.value -= (rate * mean) / divisor;
}

const optimizers: OptimizerOptions[] = [
  ...combine({ momentum: [0, 0.9], nesterov: [false, true], decay: [0, 0.01] }).map((more) =>
    filledIn('sgd', { rate: 0.1, ...more }),
  ),
  ...combine({ kind: ['adam', 'adamw'] as const, amsgrad: [false, true], decay: [0, 0.05] }).flatMap(
    ({ kind, ...more }) => [1e-8, 0.1].map((epsilon) => filledIn(kind, { rate: 0.1, epsilon, ...more })),
  ),
  ...combine({ kind: ['nadam', 'radam'] as const, decay: [0, 0.05] }).flatMap(({ kind, decay }) =>
    [0.9, 0.999].map((beta2) => filledIn(kind, { rate: 0.1, beta2, decay })),
  ),
];

it('every kind of optimizer is here', () => {
  expect([...new Set(optimizers.map(({ kind }) => kind))].sort()).toEqual(Object.keys(optimizerKinds).sort());
});

/** Rows of the table that each step touches. */
const touched = [[3, 0, 6], [3], [], [5, 3], [0], [], [6, 0], [3], [0, 5]];

describe(`optimizers, seed ${seed}`, () => {
  it.each(combine({ options: optimizers, steps: [1, touched.length], scale: [1, 0.25] }))('%o', (one) => {
    const { options, steps, scale } = one;
    const { params, table, frozen } = makeParams();
    const { heap } = params;
    const { kernels } = engine();
    const optimizer = optimizerOf(options, params, kernels);
    const weights = (values: Float32Array): Weight[] =>
      Array.from(values, (value) => ({ value, first: 0, second: 0, largest: 0 }));
    const dense = params.dense.map((parameter) => weights(params.values(parameter)));
    const words = weights(params.tableValues(table));
    const before = params.tables.map((each) => params.tableValues(each).slice());
    const gradients = heap.allocateZeros(params.size * 4);
    const random = seeded(2);

    for (let step = 1; step <= steps; step++) {
      const rate = options.rate / step;
      params.dense.forEach((parameter, p) => {
        const gradient = numbers(parameter.size, random);
        heap.f32.set(gradient, gradients / 4 + parameter.offset);
        gradient.forEach((g, i) => {
          update(options, dense[p][i], scale * g, rate, step);
        });
      });
      const rows = touched[step - 1];
      const values = numbers(rows.length * DIM, random);
      rows.forEach((row, i) => {
        for (let j = 0; j < DIM; j++)
          update(options, words[row * DIM + j], scale * values[i * DIM + j], rate, step);
      });
      const [ids, at] = [heap.allocate(4 * rows.length), heap.allocate(4 * values.length)];
      heap.i32.set(rows, ids / 4);
      heap.f32.set(values, at / 4);
      const sparse: TableGradient[] = [{ table, count: rows.length, ids, values: at }];
      const settings = { rate, scale, count: step };
      optimizer.dense(0, params.size, gradients, settings);
      for (const one of sparse) optimizer.rows(one, settings);
      const left = (address: number, n: number) => heap.f32.slice(address / 4, address / 4 + n);
      expectClose(
        left(gradients, params.size),
        new Float32Array(params.size),
        exact,
        'gradient after the step',
      );
      expectClose(
        left(at, values.length),
        new Float32Array(values.length),
        exact,
        'gradient of rows after the step',
      );
    }

    // Adam's 1 − beta2 in f32 is off by 3e-5.
    const tolerance = { reason: 'roundings of a few steps of up to rate', absolute: 1e-4 * options.rate };
    const valuesOf = (all: Weight[]) => all.map(({ value }) => value);
    params.dense.forEach((parameter, p) => {
      expectClose(params.values(parameter), valuesOf(dense[p]), tolerance, parameter.name);
    });
    expectClose(params.tableValues(table), valuesOf(words), tolerance, 'table');
    const untouched = [1, 2, 4];
    for (const row of untouched) {
      const [now, then] = [params.tableValues(table), before[0]].map((all) =>
        all.slice(row * DIM, (row + 1) * DIM),
      );
      expectClose(now, then, exact, `row ${row}, which no step touched,`);
    }
    expectClose(params.tableValues(frozen), before[1], exact, 'frozen table');
    const block = heap.f32.subarray(params.block / 4, params.block / 4 + params.size);
    expect([...block.subarray(9, 12), ...block.subarray(18)], 'between the parameters').toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  /** Every byte of parameters, state and gradients after steps that are taken in parts. */
  function bytesAfter(
    options: OptimizerOptions,
    parts: readonly (readonly [first: number, floats: number])[],
  ) {
    const { params } = makeParams();
    const { heap } = params;
    const optimizer = optimizerOf(options, params, engine().kernels);
    const gradients = heap.allocateZeros(params.size * 4);
    for (let count = 1; count <= 3; count++) {
      for (const parameter of params.dense) {
        heap.f32.set(numbers(parameter.size, seeded(3, count)), gradients / 4 + parameter.offset);
      }
      for (const [first, floats] of parts) {
        optimizer.dense(first, floats, gradients, { rate: options.rate / count, scale: 0.5, count });
      }
    }
    const blocks = [params.block, gradients, ...optimizer.state.map(({ dense }) => dense)];
    return blocks.map((block) => heap.u8.slice(block, block + params.size * 4));
  }

  it.each(optimizers)('take a step in parts, in whatever order, as they take it whole: %o', (options) => {
    const { size } = makeParams().params;
    const whole = bytesAfter(options, [[0, size]]);
    const untouched = bytesAfter(options, []);
    expect(whole[0]).not.toEqual(untouched[0]);
    for (let k = 0; k <= size; k += 4) {
      const parts = [
        [0, k],
        [k, size - k],
      ] as const;
      expect(bytesAfter(options, parts), `cut at ${k}`).toEqual(whole);
      expect(bytesAfter(options, [parts[1], parts[0]]), `cut at ${k}, the end first`).toEqual(whole);
    }
    const fours = Array.from({ length: size / 4 }, (_, i) => [4 * i, 4] as const);
    expect(bytesAfter(options, fours), 'four at a time').toEqual(whole);
  });

  it.each(optimizers)('have no effect on what is beside their part: %o', (options) => {
    const untouched = bytesAfter(options, []);
    const middle = bytesAfter(options, [[8, 8]]);
    const whole = bytesAfter(options, [[0, makeParams().params.size]]);
    middle.forEach((bytes, i) => {
      expect(bytes.subarray(0, 32), `before, block ${i}`).toEqual(untouched[i].subarray(0, 32));
      expect(bytes.subarray(32, 64), `block ${i}`).toEqual(whole[i].subarray(32, 64));
      expect(bytes.subarray(64), `behind, block ${i}`).toEqual(untouched[i].subarray(64));
    });
  });

  it('keep their state once for all threads, zero at first', () => {
    const heap = new Heap(new WebAssembly.Memory({ initial: 4, maximum: 64, shared: true }));
    // What somebody else has left there.
    const used = heap.allocate(65_536);
    heap.u8.fill(255, used, used + 65_536);
    heap.release(used);
    const { params } = makeParams(new Params(heap));
    const options = filledIn('adam');
    const own = optimizerOf(options, params, engine().kernels);
    for (const { dense, tables } of own.state) {
      for (const [address, floats] of [
        [dense, params.size],
        ...[...tables.values()].map((at) => [at, ROWS * DIM]),
      ]) {
        const values = params.heap.f32.subarray(address / 4, address / 4 + floats);
        expect(values.every((value) => value === 0)).toBe(true);
        values.fill(5);
      }
    }
    const others = makeParams(new Params(params.heap, params.share())).params;
    const attached = optimizerOf(options, others, engine().kernels);
    const addresses = ({ state }: typeof own) =>
      state.map(({ name, dense, tables }) => [name, dense, ...tables.values()]);
    expect(addresses(attached)).toEqual(addresses(own));
    expect(
      addresses(own).map(({ length }) => length),
      'the frozen table has no state',
    ).toEqual([3, 3]);
    expect(others.heap.f32[own.state[0].dense / 4], 'nothing was cleared').toBe(5);
  });
});
