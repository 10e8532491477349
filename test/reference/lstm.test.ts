/** Both directions on ragged batches, against one float64 sentence at a time. */
import { describe, it } from 'vitest';
import { combine, numbers, seeded, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, roundings } from '../support/close.js';
import { lstmReference, slopes } from '../support/lstm.js';
import type { GuardedMemory } from '../support/memory.js';
import { type Ragged, ragged, raggedLengths } from '../support/ragged.js';

interface Case {
  readonly lengths: readonly number[];
  readonly units: number;
  readonly reverse: boolean;
}

const cases = combine<Case>({
  lengths: raggedLengths,
  units: [1, 2, 3, 4, 5, 7, 8, 9, 16, 17],
  reverse: [false, true],
});
const wide = combine<Case>({ lengths: [[3, 2, 1]], units: [31, 33, 100], reverse: [false, true] });
/** The other direction's columns and a gap: h is every second part of wider rows. */
const stride = (units: number) => 2 * units + 3;

/** A few roundings a product, over a few tokens, of numbers below 4. */
const tolerance = roundings(16, 4);
/** Finite differences with a step of 1e-4 err by about 1e-8; rounding dominates. */
const gradientTolerance = roundings(64, 4);

interface Problem {
  batch: Ragged;
  z: Float32Array;
  u: Float32Array;
  dh: Float32Array;
}

function makeProblem({ lengths, units }: Case): Problem {
  const batch = ragged(lengths);
  const random = seeded(units, batch.tokens);
  return {
    batch,
    z: numbers(batch.tokens * 4 * units, random, 2),
    u: numbers(units * 4 * units, random, 1 / Math.sqrt(units)),
    dh: numbers(batch.tokens * units, random),
  };
}

/** Rows of `width` numbers as float64. */
const rowsOf = (x: Float32Array, rows: readonly number[], width: number) =>
  rows.map((row) => Float64Array.from(x.subarray(row * width, (row + 1) * width)));

/** Rows of all sentences, each computed on its own. */
function bySentence(
  batch: Ragged,
  width: number,
  compute: (rows: number[]) => ArrayLike<number>[],
): Float64Array {
  const out = new Float64Array(batch.tokens * width);
  for (let b = 0; b < batch.lengths.length; b++) {
    const rows = batch.rows(b);
    for (const [token, values] of compute(rows).entries()) out.set(values, rows[token] * width);
  }
  return out;
}

function reference(one: Case, key: 'h' | 'c' | 'gates'): Float64Array {
  const { units, reverse } = one;
  const { batch, z, u } = makeProblem(one);
  return bySentence(
    batch,
    key === 'gates' ? 4 * units : units,
    (rows) => lstmReference(rowsOf(z, rows, 4 * units), Float64Array.from(u), units, reverse)[key],
  );
}

/** Σ dh ∘ h of a sentence, whose gradients are looked for. */
function sentenceLoss(
  one: Case,
  { dh }: Problem,
  rows: number[],
  z: Float64Array[],
  u: Float64Array,
): number {
  const { h } = lstmReference(z, u, one.units, one.reverse);
  return rows.reduce(
    (sum, row, token) => sum + h[token].reduce((s, value, i) => s + value * dh[row * one.units + i], 0),
    0,
  );
}

function gradientOfInput(one: Case): Float64Array {
  const problem = makeProblem(one);
  const u = Float64Array.from(problem.u);
  return bySentence(problem.batch, 4 * one.units, (rows) => {
    const z = rowsOf(problem.z, rows, 4 * one.units);
    return z.map((values) => slopes(values, () => sentenceLoss(one, problem, rows, z, u)));
  });
}

function gradientOfWeights(one: Case): Float64Array {
  const problem = makeProblem(one);
  const u = Float64Array.from(problem.u);
  const sentences = problem.batch.lengths.map((_, b) => problem.batch.rows(b));
  const inputs = sentences.map((rows) => rowsOf(problem.z, rows, 4 * one.units));
  return slopes(u, () =>
    sentences.reduce((sum, rows, b) => sum + sentenceLoss(one, problem, rows, inputs[b], u), 0),
  );
}

/** Each reference is computed once for both builds. */
function once(compute: (one: Case) => Float64Array): (one: Case) => Float64Array {
  const known = new Map<Case, Float64Array>();
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

  function forward(one: Case, { batch, z, u }: Problem, memory: GuardedMemory) {
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

  function backward(one: Case, problem: Problem, memory: GuardedMemory) {
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
      const { gates, h, c, s } = forward(one, makeProblem(one), memory);
      expectClose(h.read(), widened(reference(one, 'h'), one.units), tolerance, 'h');
      expectClose(c.read(), reference(one, 'c'), tolerance, 'c');
      expectClose(s.read(), reference(one, 'c').map(Math.tanh), tolerance, 's');
      expectClose(gates.read(), reference(one, 'gates'), tolerance, 'gate');
    });
  });

  it('lstm_backward gives the gradient of the input', () => {
    check(cases, (one, memory) => {
      const { dz } = backward(one, makeProblem(one), memory);
      expectClose(dz.read(), expectedInputGradient(one), gradientTolerance, 'dz');
    });
  });

  it('shift_rows times the gradient of the input is the gradient of the recurrent weights', () => {
    const small = cases.filter(({ units }) => units <= 5);
    check(small, (one, memory) => {
      const { units, reverse } = one;
      const problem = makeProblem(one);
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
