/** Factors of rows, and highways, on rows with gaps between them. */
import { it } from 'vitest';
import { combine, numbers, seeded, sizes, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, roundings } from '../support/close.js';
import { ragged, raggedLengths } from '../support/ragged.js';

const shapes = combine({ m: [0, 1, 3], n: sizes, from: [0, 3], to: [0, 5] });
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

eachBuild(({ kernels, check }) => {
  it('scale_rows multiplies every row by its factor, and writes nothing between the rows', () => {
    check(shapes, ({ m, n, from, to }, memory) => {
      const random = seeded(m, n);
      const [x, factors] = [numbers(m * (n + from), random), numbers(m, random)];
      const expected = unset(m * (n + to));
      const y = memory.output(expected);
      kernels.scale_rows(m, n, memory.input(factors), memory.input(x), n + from, y.address, n + to);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) expected[i * (n + to) + j] = factors[i] * x[i * (n + from) + j];
      }
      expectClose(y.read(), expected, exact);
    });
  });

  it('mask_rows multiplies the rows of a sentence by its mask, and writes nothing between the rows', () => {
    const cases = combine({
      lengths: [[], ...raggedLengths],
      n: sizes.slice(0, 12),
      from: [0, 3],
      to: [0, 5],
    });
    check(cases, ({ lengths, n, from, to }, memory) => {
      const random = seeded(n);
      const batch = ragged(lengths);
      const [x, mask] = [numbers(batch.tokens * (n + from), random), numbers(lengths.length * n, random)];
      const expected = unset(batch.tokens * (n + to));
      const y = memory.output(expected);
      const [steps, at] = [memory.input(batch.steps), memory.input(x)];
      kernels.mask_rows(batch.length, steps, n, memory.input(mask), at, n + from, y.address, n + to);
      lengths.forEach((_, b) => {
        for (const row of batch.rows(b)) {
          for (let j = 0; j < n; j++)
            expected[row * (n + to) + j] = mask[b * n + j] * x[row * (n + from) + j];
        }
      });
      expectClose(y.read(), expected, exact);
    });
  });

  it('highway mixes h and x by its gates, and highway_backward gives the gradients of all three', () => {
    check(shapes, ({ m, n, from, to }, memory) => {
      const random = seeded(m, n, 1);
      const [z, h] = [numbers(m * n, random, 4), numbers(m * n, random)];
      const [x, dy] = [numbers(m * (n + from), random), numbers(m * (n + to), random)];
      const gates = memory.output(z);
      const [y, dh, dx] = [0, 1, 2].map(() => memory.output(unset(m * n)));
      const [hAt, xAt] = [memory.input(h), memory.input(x)];
      kernels.highway(m, n, gates.address, hAt, xAt, n + from, y.address);
      const of = (value: (t: number, h: number, x: number, dy: number) => number) =>
        Float64Array.from(z, (gate, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          return value(sigmoid(gate), h[at], x[i * (n + from) + j], dy[i * (n + to) + j]);
        });
      const tolerance = roundings(8);
      expectClose(
        gates.read(),
        of((t) => t),
        tolerance,
        't',
      );
      expectClose(
        y.read(),
        of((t, h, x) => t * h + (1 - t) * x),
        tolerance,
        'y',
      );
      const dyAt = memory.input(dy);
      kernels.highway_backward(m, n, gates.address, hAt, xAt, n + from, dyAt, n + to, dh.address, dx.address);
      expectClose(
        gates.read(),
        of((t, h, x, d) => d * (h - x) * t * (1 - t)),
        tolerance,
        'dz',
      );
      expectClose(
        dh.read(),
        of((t, _h, _x, d) => d * t),
        tolerance,
        'dh',
      );
      expectClose(
        dx.read(),
        of((t, _h, _x, d) => d * (1 - t)),
        tolerance,
        'dx',
      );
    });
  });
});
