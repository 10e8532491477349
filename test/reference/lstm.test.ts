/** Both directions on ragged batches, against one float64 sentence at a time. */
import { describe, it } from 'vitest';
import { combine, numbers, seeded, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, roundings } from '../support/close.js';
import {
  bySentence,
  gradientOfInput,
  gradientOfWeights,
  type LstmCase,
  type LstmProblem,
  lstmExpected,
  makeLstm,
} from '../support/lstm-problem.js';
import type { GuardedMemory } from '../support/memory.js';
import { ragged, raggedLengths } from '../support/ragged.js';

const cases = combine<LstmCase>({
  lengths: raggedLengths,
  units: [1, 2, 3, 4, 5, 7, 8, 9, 16, 17],
  reverse: [false, true],
});
const wide = combine<LstmCase>({ lengths: [[3, 2, 1]], units: [31, 33, 100], reverse: [false, true] });
/** The other direction's columns and a gap: h is every second part of wider rows. */
const stride = (units: number) => 2 * units + 3;

/** A few roundings a product, over a few tokens, of numbers below 4. */
const tolerance = roundings(16, 4);
/** Finite differences with a step of 1e-4 err by about 1e-8; rounding dominates. */
const gradientTolerance = roundings(64, 4);

/** Each reference is computed once for both builds. */
function once(compute: (one: LstmCase) => Float64Array): (one: LstmCase) => Float64Array {
  const known = new Map<LstmCase, Float64Array>();
  return (one) => {
    const value = known.get(one) ?? compute(one);
    known.set(one, value);
    return value;
  };
}
const expectedInputGradient = once(gradientOfInput);
const expectedWeightGradient = once(gradientOfWeights);

/** Puts rows of `units` numbers into rows of `stride(units)`, from column `units` on. */
function widened(x: ArrayLike<number>, units: number): Float32Array {
  const rows = x.length / units;
  const out = new Float32Array(rows * stride(units)).fill(0.25);
  for (let i = 0; i < x.length; i++) out[Math.floor(i / units) * stride(units) + units + (i % units)] = x[i];
  return out;
}

eachBuild(({ kernels, check }) => {
  function packed(memory: GuardedMemory, u: Float32Array, units: number, transposed: boolean): number {
    const [k, n] = transposed ? [4 * units, units] : [units, 4 * units];
    const block = memory.output(unset(Math.ceil(n / 8) * 8 * k));
    if (transposed) kernels.pack_transposed(k, n, memory.input(u), 4 * units, block.address);
    else kernels.pack(k, n, memory.input(u), 4 * units, block.address);
    return block.address;
  }

  function forward(one: LstmCase, { batch, z, u }: LstmProblem, memory: GuardedMemory) {
    const { units, reverse } = one;
    const steps = memory.input(batch.steps);
    const gates = memory.output(z);
    const h = memory.output(widened(unset(batch.tokens * units), units));
    const [c, s] = [1, 2].map(() => memory.output(unset(batch.tokens * units)));
    kernels.lstm_forward(
      batch.length,
      steps,
      reverse,
      units,
      gates.address,
      packed(memory, u, units, false),
      h.address + units * 4,
      stride(units),
      c.address,
      s.address,
    );
    return { steps, gates, h, c, s };
  }

  function backward(one: LstmCase, problem: LstmProblem, memory: GuardedMemory) {
    const { units, reverse } = one;
    const { batch, u, dh } = problem;
    const { steps, gates, c, s, h } = forward(one, problem, memory);
    const gradient = memory.output(widened(dh, units));
    const dc = memory.output(new Float32Array(batch.lengths.length * units));
    kernels.lstm_backward(
      batch.length,
      steps,
      reverse,
      units,
      gates.address,
      packed(memory, u, units, true),
      gradient.address + units * 4,
      stride(units),
      c.address,
      s.address,
      dc.address,
    );
    return { steps, dz: gates, h };
  }

  it('lstm_forward equals the equations, sentence by sentence', () => {
    check([...cases, ...wide], (one, memory) => {
      const { gates, h, c, s } = forward(one, makeLstm(one), memory);
      expectClose(h.read(), widened(lstmExpected(one, 'h'), one.units), tolerance, 'h');
      expectClose(c.read(), lstmExpected(one, 'c'), tolerance, 'c');
      expectClose(s.read(), lstmExpected(one, 'c').map(Math.tanh), tolerance, 's');
      expectClose(gates.read(), lstmExpected(one, 'gates'), tolerance, 'gate');
    });
  });

  it('lstm_cells is a step of the equations from any cells before, or from none', () => {
    const some = combine({ n: [0, 1, 3], units: [1, 3, 4, 7, 8, 33], isFirst: [false, true] });
    check(some, ({ n, units, isFirst }, memory) => {
      const random = seeded(n, units);
      const z = numbers(4 * n * units, random, 2);
      const before = isFirst ? new Float32Array(n * units) : numbers(n * units, random, 2);
      const gates = memory.output(z);
      const h = memory.output(widened(unset(n * units), units));
      const [c, s] = [1, 2].map(() => memory.output(unset(n * units)));
      const from = isFirst ? 0 : memory.input(before);
      const to = h.address + units * 4;
      kernels.lstm_cells(n, units, gates.address, from, to, stride(units), c.address, s.address);
      const expected = z.map((sum, i) =>
        Math.floor(i / units) % 4 === 2 ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum)),
      );
      const gate = (which: number, i: number) =>
        expected[(Math.floor(i / units) * 4 + which) * units + (i % units)];
      const cells = before.map((cell, i) => gate(1, i) * cell + gate(0, i) * gate(2, i));
      expectClose(gates.read(), expected, tolerance, 'gate');
      expectClose(c.read(), cells, tolerance, 'c');
      expectClose(s.read(), cells.map(Math.tanh), tolerance, 's');
      const outputs = cells.map((cell, i) => gate(3, i) * Math.tanh(cell));
      expectClose(h.read(), widened(outputs, units), tolerance, 'h');
    });
  });

  it('lstm_backward gives the gradient of the input', () => {
    check(cases, (one, memory) => {
      const { dz } = backward(one, makeLstm(one), memory);
      expectClose(dz.read(), expectedInputGradient(one), gradientTolerance, 'dz');
    });
  });

  it('shift_rows times the gradient of the input is the gradient of the recurrent weights', () => {
    const small = cases.filter(({ units }) => units <= 5);
    check(small, (one, memory) => {
      const { units, reverse } = one;
      const problem = makeLstm(one);
      const { steps, dz, h } = backward(one, problem, memory);
      const before = memory.output(unset(problem.batch.tokens * units));
      kernels.shift_rows(
        problem.batch.length,
        steps,
        reverse,
        units,
        h.address + units * 4,
        stride(units),
        before.address,
      );
      const [left, right] = [before.read(), dz.read()];
      const dU = new Float64Array(units * 4 * units);
      for (let row = 0; row < problem.batch.tokens; row++) {
        for (let i = 0; i < dU.length; i++) {
          dU[i] +=
            left[row * units + Math.floor(i / (4 * units))] * right[row * 4 * units + (i % (4 * units))];
        }
      }
      expectClose(dU, expectedWeightGradient(one), gradientTolerance, 'dU');
    });
  });

  it('shift_rows takes the row of the token before, in the direction of travel', () => {
    check([...cases, ...wide], ({ lengths, units, reverse }, memory) => {
      const batch = ragged(lengths);
      const h = numbers(batch.tokens * units, seeded(units));
      const before = memory.output(unset(batch.tokens * units));
      const wider = memory.input(widened(h, units)) + units * 4;
      kernels.shift_rows(
        batch.length,
        memory.input(batch.steps),
        reverse,
        units,
        wider,
        stride(units),
        before.address,
      );
      const expected = bySentence(batch, units, (rows) =>
        rows.map((_, token) => {
          const row = rows[token + (reverse ? 1 : -1)];
          return row === undefined ? new Float32Array(units) : h.subarray(row * units, (row + 1) * units);
        }),
      );
      expectClose(before.read(), expected, exact);
    });
  });

  describe('an empty batch', () => {
    it('touches nothing', () => {
      check([false, true], (reverse, memory) => {
        const steps = memory.input(Int32Array.of(0));
        const nothing = memory.input(new Float32Array(0));
        kernels.lstm_forward(0, steps, reverse, 4, nothing, nothing, nothing, 4, nothing, nothing);
        kernels.lstm_backward(0, steps, reverse, 4, nothing, nothing, nothing, 4, nothing, nothing, nothing);
        kernels.shift_rows(0, steps, reverse, 4, nothing, 4, nothing);
      });
    });
  });
});
