import { describe, expect, it } from 'vitest';
import { combine, numbers, seeded, sizes } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { expectClose, relativeRoundings } from '../support/close.js';

const matrices = combine({ m: [0, 1, 2, 5], n: sizes, extra: [0, 3] });
/** Rows with `extra` numbers between them, none after the last. */
const spaced = (m: number, n: number, extra: number) => (m > 0 ? m * (n + extra) - extra : 0);

eachBuild(({ kernels, check }) => {
  it('row_norms gives the norm of every row', () => {
    check(matrices, ({ m, n, extra }, memory) => {
      const random = seeded(m, n);
      const x = numbers(spaced(m, n, extra), random, 3);
      const out = memory.output(numbers(m, random));
      kernels.row_norms(m, n, memory.input(x), n + extra, out.address);
      const row = (i: number) => x.subarray(i * (n + extra), i * (n + extra) + n);
      const expected = Array.from({ length: m }, (_, i) => Math.hypot(...row(i)));
      expectClose(out.read(), expected, relativeRoundings(16));
    });
  });

  describe('count_outside', () => {
    it('counts the numbers of all rows that are below or above, and none between the rows', () => {
      check(matrices, ({ m, n, extra }, memory) => {
        const x = numbers(spaced(m, n, extra), seeded(m, n), 2);
        const inRow = (_: number, i: number) => i % (n + extra) < n;
        const expected = x.filter((value, i) => inRow(value, i) && (value < -0.5 || value > 1)).length;
        expect(kernels.count_outside(m, n, memory.input(x), n + extra, -0.5, 1)).toBe(expected);
      });
    });

    it('takes neither the borders themselves nor NaN for outside', () => {
      check([1, 3, 4, 7, 9], (n, memory) => {
        for (const [value, expected] of [
          [0.25, 0],
          [0.75, 0],
          [Number.NaN, 0],
          [0.24, n],
          [0.76, n],
          [Infinity, n],
        ]) {
          const x = memory.input(new Float32Array(n).fill(value));
          expect(kernels.count_outside(1, n, x, n, 0.25, 0.75), String(value)).toBe(expected);
        }
      });
    });
  });

  it('squared_distance equals the sum in f64, and is not finite when an element is not', () => {
    check([...sizes, 1023, 1025, 5001], (n, memory) => {
      const random = seeded(n);
      const [x, y] = [numbers(n, random, 3), numbers(n, random, 3)];
      const expected = x.reduce((total, value, i) => total + (value - y[i]) ** 2, 0);
      const found = kernels.squared_distance(n, memory.input(x), memory.input(y));
      expectClose([found], [expected], relativeRoundings(256 + 8));
      for (const at of n > 0 ? [0, n >> 1, n - 1] : []) {
        const bad = y.with(at, Number.NaN);
        expect(kernels.squared_distance(n, memory.input(x), memory.input(bad))).toBeNaN();
      }
    });
  });
});
