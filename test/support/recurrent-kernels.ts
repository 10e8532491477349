/** The kernels of a recurrent cell on ragged batches, in both directions, against one float64 sentence at a time. */
import { describe, it } from 'vitest';
import type { Kernels } from '../../src/core/kernels.js';
import { combine, unset } from './arrays.js';
import { eachBuild } from './builds.js';
import { expectClose, roundings } from './close.js';
import type { Block, GuardedMemory } from './memory.js';
import { raggedLengths } from './ragged.js';
import type { ReferenceCell } from './recurrent.js';
import {
  expectedRows,
  gradientOfInput,
  gradientOfWeights,
  makeRecurrent,
  type RecurrentCase,
  type RecurrentProblem,
} from './recurrent-problem.js';

/** Addresses of a pass, 0 for no state and no mask, and what its kernels are told. */
export interface KernelPass {
  readonly t: number;
  readonly steps: number;
  readonly reverse: boolean;
  readonly units: number;
  readonly z: number;
  readonly u: number;
  readonly state: number;
  readonly mask: number;
  readonly before: number;
  readonly h: number;
  readonly hRow: number;
  /** Rows of a matrix [N × H] that both directions use, and of one [B × H]. */
  rows(): Block<Float32Array>;
  sentences(): Block<Float32Array>;
}

export interface KernelsUnderTest {
  readonly name: string;
  readonly cell: ReferenceCell;
  /** Runs forward and returns backward; `saved` are rows [N × H] that forward writes, checked under these names. */
  forward(
    kernels: Kernels,
    pass: KernelPass,
  ): {
    readonly saved?: Readonly<Record<string, Block<Float32Array>>>;
    backward(uT: number, work: number, dh: number, dhRow: number): void;
  };
  /** What forward saves, from what is carried after a token and the number of a unit. */
  readonly saves?: Readonly<
    Record<string, (states: ArrayLike<number>, unit: number, units: number) => number>
  >;
}

const layouts = combine({ lengths: raggedLengths, reverse: [false, true] });
const options = [
  { state: false, mask: false },
  { state: true, mask: false },
  { state: false, mask: true },
  { state: true, mask: true },
];
/** A layer that reads backward never has a state. */
const casesOf = (units: readonly number[], chosen = options): RecurrentCase[] =>
  combine({ layout: layouts, units, option: chosen })
    .map(({ layout, option, ...rest }) => ({ ...layout, ...rest, ...option }))
    .filter(({ reverse, state }) => !(reverse && state));

const small = casesOf([1, 2, 3, 4, 5]);
const cases = [...small, ...casesOf([7, 8, 9], options.slice(0, 1)), ...casesOf([8, 9], options.slice(3))];
const wide = casesOf([16, 17, 31, 33, 100]).filter(({ lengths }) => lengths.length === 4);

/** The other direction's columns and a gap: h is every second part of wider rows. */
const stride = (units: number) => 2 * units + 3;

/** A few roundings a product, over a few tokens, of numbers below 4. */
const tolerance = roundings(16, 4);
/** Finite differences with a step of 1e-4 err by about 1e-8; rounding dominates. */
const gradientTolerance = roundings(64, 4);

/** Puts rows of `units` numbers into rows of `stride(units)`, from column `units` on. */
export function widened(x: ArrayLike<number>, units: number): Float32Array {
  const rows = x.length / units;
  const out = new Float32Array(rows * stride(units)).fill(0.25);
  for (let i = 0; i < x.length; i++) out[Math.floor(i / units) * stride(units) + units + (i % units)] = x[i];
  return out;
}

export function recurrentKernels(under: KernelsUnderTest): void {
  const { cell, name } = under;
  /** References are computed once for both builds. */
  const known = new Map<string, Float64Array>();
  const expected = (one: RecurrentCase, what: typeof gradientOfInput): Float64Array => {
    const key = `${what.name} ${JSON.stringify(one)}`;
    const value = known.get(key) ?? what(one, makeRecurrent(cell, one));
    known.set(key, value);
    return value;
  };

  eachBuild(({ kernels, check }) => {
    function packed(memory: GuardedMemory, u: Float32Array, units: number, transposed: boolean): number {
      const cols = cell.u * units;
      const [k, n] = transposed ? [cols, units] : [units, cols];
      const block = memory.output(unset(Math.ceil(n / 8) * 8 * k));
      if (transposed) kernels.pack_transposed(k, n, memory.input(u), cols, block.address);
      else kernels.pack(k, n, memory.input(u), cols, block.address);
      return block.address;
    }

    function forward(one: RecurrentCase, problem: RecurrentProblem, memory: GuardedMemory) {
      const { units, reverse } = one;
      const { batch, u, state, mask } = problem;
      const [z, h] = [problem.z, widened(unset(batch.tokens * units), units)].map((x) => memory.output(x));
      const rows = () => memory.output(unset(batch.tokens * units));
      const before = rows();
      const pass = {
        t: batch.length,
        steps: memory.input(batch.steps),
        reverse,
        units,
        z: z.address,
        u: packed(memory, u, units, false),
        state: state ? memory.input(state) : 0,
        mask: mask ? memory.input(mask) : 0,
        before: before.address,
        h: h.address + units * 4,
        hRow: stride(units),
        rows,
        sentences: () => memory.output(new Float32Array(batch.lengths.length * units)),
      };
      return { z, h, before, ...under.forward(kernels, pass) };
    }

    function backward(one: RecurrentCase, problem: RecurrentProblem, memory: GuardedMemory) {
      const { units } = one;
      const { z, before, backward } = forward(one, problem, memory);
      const gradient = memory.output(widened(problem.dh, units));
      // Working memory that holds anything; there is none without a mask.
      const work = one.mask ? memory.output(unset(problem.batch.lengths.length * units)).address : 0;
      const uT = packed(memory, problem.u, units, true);
      backward(uT, work, gradient.address + units * 4, stride(units));
      return { dz: z.read(), before: before.read() };
    }

    it(`${name}_forward equals the equations, sentence by sentence`, () => {
      check([...cases, ...wide], (one, memory) => {
        const problem = makeRecurrent(cell, one);
        const { units } = one;
        const { z, h, before, saved = {} } = forward(one, problem, memory);
        expectClose(h.read(), widened(expectedRows(one, problem, 'h'), units), tolerance, 'h');
        expectClose(before.read(), expectedRows(one, problem, 'before'), tolerance, 'before');
        expectClose(z.read(), expectedRows(one, problem, 'left'), tolerance, 'z');
        const states = expectedRows(one, problem, 'states');
        for (const [key, block] of Object.entries(saved)) {
          const of = under.saves![key];
          const width = cell.states * units;
          const values = Float64Array.from({ length: problem.batch.tokens * units }, (_, i) => {
            const row = Math.floor(i / units);
            return of(states.subarray(row * width, (row + 1) * width), i % units, units);
          });
          expectClose(block.read(), values, tolerance, key);
        }
      });
    });

    it(`${name}_backward gives the gradient of the input`, () => {
      check(cases, (one, memory) => {
        const { dz } = backward(one, makeRecurrent(cell, one), memory);
        expectClose(dz, expected(one, gradientOfInput), gradientTolerance, 'dz');
      });
    });

    it(`what ${name} was multiplied with times the gradient of the input is that of the recurrent weights`, () => {
      check(small, (one, memory) => {
        const problem = makeRecurrent(cell, one);
        const { units } = one;
        const { dz, before } = backward(one, problem, memory);
        const [width, cols] = [cell.z * units, cell.u * units];
        const dU = new Float64Array(units * cols);
        for (let row = 0; row < problem.batch.tokens; row++) {
          for (let i = 0; i < dU.length; i++) {
            const right = dz[row * width + (width - cols) + (i % cols)];
            dU[i] += before[row * units + Math.floor(i / cols)] * right;
          }
        }
        expectClose(dU, expected(one, gradientOfWeights), gradientTolerance, 'dU');
      });
    });

    describe('an empty batch', () => {
      it('touches nothing', () => {
        check(
          [false, true].map((reverse) => ({ lengths: [], units: 4, reverse, state: false, mask: false })),
          (one, memory) => void backward(one, makeRecurrent(cell, one), memory),
        );
      });
    });
  });
}
