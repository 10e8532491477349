/** The largest errors that the head comment of `src/kernels/math.ts` states, over a sweep of the floats. */
import { describe, expect, it } from 'vitest';
import { numbers, seeded, sizes, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, relativeRoundings } from '../support/close.js';
import { floatsBetween, worstError } from '../support/ulp.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Where the result is a normal float; a prime stride visits all low bits. */
const functions = [
  { name: 'exp', reference: Math.exp, lowest: -87, highest: 88, ulp: 2 },
  { name: 'sigmoid', reference: sigmoid, lowest: -87, highest: 1e30, ulp: 4 },
  { name: 'tanh', reference: Math.tanh, lowest: -1e30, highest: 1e30, ulp: 4 },
] as const;
const STRIDE = 4999;

/** Exact values; beyond [−87, 88] exp is 0 or ∞. */
const special = [
  {
    name: 'exp',
    x: [0, -0, -Infinity, Infinity, 88.5, -87.5, -1e38, 1e38, 1e-45],
    y: [1, 1, 0, Infinity, Infinity, 0, 0, Infinity, 1],
  },
  { name: 'sigmoid', x: [0, -0, Infinity, 1e38, 100, 1e-45], y: [0.5, 0.5, 1, 1, 1, 0.5] },
  {
    name: 'tanh',
    x: [0, -0, -Infinity, Infinity, -1e38, 20, 1e-45, -1e-45, 1e-38],
    y: [0, -0, -1, 1, -1, 1, 1e-45, -1e-45, 1e-38],
  },
] as const;

eachBuild(({ kernels, check }) => {
  it.each(functions)('$name errs by at most $ulp ULP', ({ name, reference, lowest, highest, ulp }) => {
    check([lowest, highest], (end, memory) => {
      const x = floatsBetween(end < 0 ? -0 : 0, end, STRIDE);
      const y = memory.output(unset(x.length));
      kernels[name](x.length, memory.input(x), y.address);
      const worst = worstError(x, y.read(), reference);
      expect(worst.ulp, `at ${worst.at}`).toBeLessThanOrEqual(ulp);
    });
  });

  it.each(special)('$name of zeros, infinities and extremes', ({ name, x, y }) => {
    // In blocks of four and in the remainder.
    check([1, x.length, 4 * x.length], (n, memory) => {
      const input = Float32Array.from({ length: n }, (_, i) => x[i % x.length]);
      const out = memory.output(unset(n));
      kernels[name](n, memory.input(input), out.address);
      expectClose(
        out.read(),
        Float32Array.from({ length: n }, (_, i) => y[i % y.length]),
        exact,
      );
    });
  });

  it('sigmoid of a very negative number is a subnormal number at most', () => {
    check([-Infinity, -1e38, -1000, -88], (x, memory) => {
      const out = memory.output(unset(1));
      kernels.sigmoid(1, memory.input(Float32Array.of(x)), out.address);
      expect(out.read()[0]).toBeGreaterThanOrEqual(0);
      expect(out.read()[0]).toBeLessThan(2 ** -126);
    });
  });

  describe.each(functions)('$name', ({ name, reference }) => {
    it('treats every remainder like a whole block', () => {
      check(sizes, (n, memory) => {
        const x = numbers(n, seeded(n), 5);
        const out = memory.output(unset(n));
        kernels[name](n, memory.input(x), out.address);
        expectClose(out.read(), Array.from(x, reference), relativeRoundings(8));
      });
    });

    it('works in place', () => {
      check(sizes, (n, memory) => {
        const x = numbers(n, seeded(n), 5);
        const out = memory.output(x);
        kernels[name](n, out.address, out.address);
        expectClose(out.read(), Array.from(x, reference), relativeRoundings(8));
      });
    });

    it('of NaN is NaN, and only there', () => {
      check([1, 2, 3, 4, 5, 7], (n, memory) => {
        const x = numbers(n, seeded(n));
        x[n - 1] = Number.NaN;
        const out = memory.output(new Float32Array(n));
        kernels[name](n, memory.input(x), out.address);
        expect(Array.from(out.read(), Number.isNaN)).toEqual(Array.from(x, Number.isNaN));
      });
    });
  });
});
