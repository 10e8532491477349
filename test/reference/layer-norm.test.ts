/** Layer normalisation of rows with gaps between them, against its formula in float64. */
import { describe, expect, it } from 'vitest';
import { combine, numbers, seeded, sizes, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { expectClose, roundings } from '../support/close.js';
import type { GuardedMemory } from '../support/memory.js';
import { slopes } from '../support/slopes.js';

interface Case {
  readonly m: number;
  readonly n: number;
  readonly extra: number;
  readonly epsilon: number;
}

/** One column has no variance: what remains of it is its bias. */
const cases = combine<Case>({
  m: [0, 1, 2, 5],
  n: [...sizes.filter((n) => n > 0), 100],
  extra: [0, 3],
  epsilon: [1e-5, 1e-12],
});

/** Rows with `extra` numbers between them, none after the last. */
const spaced = ({ m, n, extra }: Case) => (m > 0 ? m * (n + extra) - extra : 0);

function problem(one: Case, shift = 0) {
  const { m, n } = one;
  const random = seeded(m, n);
  return {
    x: numbers(spaced(one), random, 2).map((value) => value + shift),
    gain: numbers(n, random, 2),
    bias: numbers(n, random),
    dy: numbers(spaced(one), random),
  };
}

const rowsOf = (values: ArrayLike<number>, { m, n, extra }: Case) =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => values[i * (n + extra) + j]));

const mean = (row: ArrayLike<number>) => Array.from(row).reduce((sum, value) => sum + value, 0) / row.length;

function normalise(row: ArrayLike<number>, epsilon: number): number[] {
  const middle = mean(row);
  const deviation = Math.sqrt(mean(Array.from(row, (value) => (value - middle) ** 2)) + epsilon);
  return Array.from(row, (value) => (value - middle) / deviation);
}

/** `filled` with these rows in it, what lies between them as it was. */
function withRows(filled: Float32Array, rows: readonly ArrayLike<number>[], { n, extra }: Case): number[] {
  const all = [...filled];
  rows.forEach((row, i) => {
    Array.from(row).forEach((value, j) => {
      all[i * (n + extra) + j] = value;
    });
  });
  return all;
}

/** With two columns near each other, the difference from the mean is divided by a small deviation. */
const tolerance = roundings(64, 4);

eachBuild(({ kernels, check }) => {
  function forward(one: Case, data: ReturnType<typeof problem>, memory: GuardedMemory) {
    const { m, n, extra, epsilon } = one;
    const [x, gain, bias] = [data.x, data.gain, data.bias].map((values) => memory.input(values));
    const y = memory.output(unset(spaced(one)));
    const [means, scales] = [memory.output(unset(m)), memory.output(unset(m))];
    const row = n + extra;
    kernels.layer_norm(m, n, epsilon, x, row, gain, bias, y.address, row, means.address, scales.address);
    return { x, gain, y, means, scales };
  }

  describe('layer_norm', () => {
    it('gives rows of mean 0 and variance 1, times gain, plus bias', () => {
      check(cases, (one, memory) => {
        const data = problem(one);
        const { y } = forward(one, data, memory);
        const expected = rowsOf(data.x, one).map((row) =>
          normalise(row, one.epsilon).map((value, j) => value * data.gain[j] + data.bias[j]),
        );
        expectClose(y.read(), withRows(unset(spaced(one)), expected, one), tolerance);
      });
    });

    it('keeps its digits far from 0', () => {
      check([{ m: 3, n: 33, extra: 0, epsilon: 1e-5 }], (one, memory) => {
        const data = problem(one, 1000);
        const { y } = forward(one, data, memory);
        const expected = rowsOf(data.x, one).flatMap((row) =>
          normalise(row, one.epsilon).map((value, j) => value * data.gain[j] + data.bias[j]),
        );
        // The mean near 1000 is rounded, and every difference from it errs by that.
        expectClose(y.read(), expected, roundings(16, 1000));
      });
    });

    it('of rows of equal numbers is the bias', () => {
      check(combine({ m: [2], n: [1, 4, 7], extra: [0], epsilon: [1e-5, 1e-12] }), (one, memory) => {
        const data = { ...problem(one), x: new Float32Array(spaced(one)).fill(1.5) };
        const { y } = forward(one, data, memory);
        expect([...y.read()]).toEqual([...data.bias, ...data.bias]);
      });
    });
  });

  describe('layer_norm_backward', () => {
    const small = cases.filter(({ n }) => n > 1 && n < 20);

    it.each([false, true])('gives the gradients of the formula; in place: %s', (inPlace) => {
      check(small, (one, memory) => {
        const { m, n, extra } = one;
        const data = problem(one);
        const { x, gain, means, scales } = forward(one, data, memory);
        const dy = memory.output(data.dy);
        const dx = inPlace ? dy : memory.output(unset(spaced(one)));
        const before = numbers(n, seeded(n));
        const [dGain, dBias] = [memory.output(before), memory.output(before)];
        const row = n + extra;
        kernels.layer_norm_backward(
          m,
          n,
          x,
          row,
          gain,
          means.address,
          scales.address,
          dy.address,
          row,
          dx.address,
          row,
          dGain.address,
          dBias.address,
        );
        const [rows, dys] = [rowsOf(data.x, one), rowsOf(data.dy, one)];
        const expected = rows.map((values, i) => {
          const point = Float64Array.from(values);
          return slopes(point, () =>
            normalise(point, one.epsilon).reduce(
              (sum, value, j) => sum + value * data.gain[j] * dys[i][j],
              0,
            ),
          );
        });
        const between = inPlace ? data.dy : unset(spaced(one));
        expectClose(dx.read(), withRows(between, expected, one), roundings(256, 8), 'dx');
        const sumOf = (part: (i: number, j: number) => number) =>
          Array.from(before, (value, j) => dys.reduce((sum, _, i) => sum + part(i, j), value));
        const normal = rows.map((row) => normalise(row, one.epsilon));
        expectClose(
          dGain.read(),
          sumOf((i, j) => dys[i][j] * normal[i][j]),
          tolerance,
          'dGain',
        );
        expectClose(
          dBias.read(),
          sumOf((i, j) => dys[i][j]),
          tolerance,
          'dBias',
        );
      });
    });
  });
});
