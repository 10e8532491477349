/** The sums over taps of ragged batches, against one sentence at a time; whole numbers, so that every order gives the same. */
import { describe, expect, it } from 'vitest';
import { combine, seeded, sizes, unset, wholeNumbers } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose } from '../support/close.js';
import { ragged, raggedLengths } from '../support/ragged.js';

interface Case {
  readonly lengths: readonly number[];
  readonly width: number;
  readonly dilation: number;
  readonly filters: number;
  readonly extra: number;
}

const cases = [
  ...combine<Case>({
    lengths: [...raggedLengths, [9, 7, 7, 2]],
    width: [1, 3, 5],
    dilation: [1, 2, 3],
    filters: [1, 4, 6],
    extra: [0, 3],
  }),
  ...combine<Case>({
    lengths: [[4, 2, 1]],
    width: [3],
    dilation: [1],
    filters: sizes.filter((n) => n > 0),
    extra: [0, 3],
  }),
];

/** Rows with `extra` numbers between them, none after the last. */
const spaced = (rows: number, { filters, extra }: Case) => rows * (filters + extra) - extra;

function problem(one: Case) {
  const batch = ragged(one.lengths);
  const random = seeded(one.filters, one.width, one.dilation);
  const z = wholeNumbers(batch.tokens * one.width * one.filters, random);
  const b = wholeNumbers(one.filters, random);
  const y = wholeNumbers(spaced(batch.tokens, one), random);
  const dy = wholeNumbers(spaced(batch.tokens, one), random);
  return { batch, z, b, y, dy };
}

/** Row of the output, tap and row of z of everything that is added up. */
function terms({ lengths, width, dilation }: Case): { to: number; k: number; from: number }[] {
  const batch = ragged(lengths);
  const all: { to: number; k: number; from: number }[] = [];
  for (const [s, length] of lengths.entries()) {
    for (let t = 0; t < length; t++) {
      for (let k = 0; k < width; k++) {
        const token = t + (k - (width - 1) / 2) * dilation;
        if (token >= 0 && token < length) all.push({ to: batch.row(s, t), k, from: batch.row(s, token) });
      }
    }
  }
  return all;
}

eachBuild(({ kernels, check }) => {
  it('conv_forward adds up the taps and the bias, leaves out what is below 0, and nothing between the rows', () => {
    check(cases, (one, memory) => {
      const { width, dilation, filters, extra } = one;
      const { batch, z, b, y: before } = problem(one);
      const expected = before.slice();
      const at = (row: number) => row * (filters + extra);
      for (let row = 0; row < batch.tokens; row++) expected.set(b, at(row));
      for (const { to, k, from } of terms(one)) {
        for (let j = 0; j < filters; j++) expected[at(to) + j] += z[(from * width + k) * filters + j];
      }
      for (let row = 0; row < batch.tokens; row++) {
        for (let j = 0; j < filters; j++) expected[at(row) + j] = Math.max(0, expected[at(row) + j]);
      }
      const y = memory.output(before);
      const [steps, from, bias] = [batch.steps, z, b].map((values) => memory.input(values));
      kernels.conv_forward(
        batch.length,
        steps,
        width,
        dilation,
        filters,
        from,
        bias,
        y.address,
        filters + extra,
      );
      expectClose(y.read(), expected, exact);
    });
  });

  it('conv_backward gives every tap the gradient of the token it was added to, where that is above 0', () => {
    check(cases, (one, memory) => {
      const { width, dilation, filters, extra } = one;
      const { batch, y, dy } = problem(one);
      const expected = new Float32Array(batch.tokens * width * filters);
      for (const { to, k, from } of terms(one)) {
        for (let j = 0; j < filters; j++) {
          const at = to * (filters + extra) + j;
          if (y[at] > 0) expected[(from * width + k) * filters + j] = dy[at];
        }
      }
      const dz = memory.output(unset(expected.length));
      const [steps, out, gradient] = [batch.steps, y, dy].map((values) => memory.input(values));
      const stride = filters + extra;
      kernels.conv_backward(
        batch.length,
        steps,
        width,
        dilation,
        filters,
        out,
        stride,
        gradient,
        stride,
        dz.address,
      );
      expectClose(dz.read(), expected, exact);
    });
  });

  it('conv_forward passes NaN on, so that training can see it', () => {
    check([1, 4, 6], (filters, memory) => {
      const z = new Float32Array(filters).fill(Number.NaN);
      const y = memory.output(new Float32Array(filters));
      const [steps, from, b] = [Int32Array.of(0, 1), z, new Float32Array(filters)].map((values) =>
        memory.input(values),
      );
      kernels.conv_forward(1, steps, 1, 1, filters, from, b, y.address, filters);
      expect(y.read().every(Number.isNaN)).toBe(true);
    });
  });

  describe('an empty batch', () => {
    it('touches nothing', () => {
      check([1, 3], (width, memory) => {
        const steps = memory.input(Int32Array.of(0));
        const nothing = memory.input(new Float32Array(0));
        kernels.conv_forward(0, steps, width, 1, 4, nothing, nothing, nothing, 4);
        kernels.conv_backward(0, steps, width, 1, 4, nothing, 4, nothing, 4, nothing);
      });
    });
  });
});
