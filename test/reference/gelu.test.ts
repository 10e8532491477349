/** The errors that the head comment of `src/kernels/gelu.ts` states, over a sweep of the floats. */
import { describe, expect, it } from 'vitest';
import { numbers, seeded, sizes, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { expectClose } from '../support/close.js';
import { geluOf, geluSlope } from '../support/normal.js';
import { floatsBetween } from '../support/ulp.js';

/** A prime stride visits all low bits. */
const STRIDE = 4999;
const LARGEST = 1e30;

const geluError = { reason: 'the formula for the tail, and rounding', absolute: 4.3e-7, relative: 2 ** -23 };
const slopeError = { reason: 'the same', absolute: 3e-7 };

const sweep = () => [floatsBetween(0, LARGEST, STRIDE), floatsBetween(-0, -LARGEST, STRIDE)];

eachBuild(({ kernels, check }) => {
  it('gelu is x · Φ(x)', () => {
    check(sweep(), (x, memory) => {
      const y = memory.output(unset(x.length));
      kernels.gelu(x.length, memory.input(x), y.address);
      expectClose(y.read(), Array.from(x, geluOf), geluError);
    });
  });

  it('gelu_backward multiplies by the derivative of gelu', () => {
    check(sweep(), (x, memory) => {
      const dy = memory.output(new Float32Array(x.length).fill(1));
      kernels.gelu_backward(x.length, memory.input(x), dy.address);
      expectClose(dy.read(), Array.from(x, geluSlope), slopeError);
    });
  });

  describe('every remainder', () => {
    it('is treated like a whole block', () => {
      check(sizes, (n, memory) => {
        const random = seeded(n);
        const x = numbers(n, random, 4);
        const dy = numbers(n, random);
        const [y, d] = [memory.output(x), memory.output(dy)];
        kernels.gelu(n, y.address, y.address);
        kernels.gelu_backward(n, memory.input(x), d.address);
        expectClose(y.read(), Array.from(x, geluOf), geluError);
        expectClose(
          d.read(),
          Array.from(x, (value, i) => geluSlope(value) * dy[i]),
          slopeError,
        );
      });
    });

    it('of NaN is NaN, and only there', () => {
      check([1, 2, 3, 4, 5, 7], (n, memory) => {
        const x = numbers(n, seeded(n));
        x[n - 1] = Number.NaN;
        const y = memory.output(unset(n));
        kernels.gelu(n, memory.input(x), y.address);
        expect(Array.from(y.read(), Number.isNaN)).toEqual(Array.from(x, Number.isNaN));
      });
    });
  });
});
