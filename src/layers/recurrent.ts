/**
 * One direction of a recurrent layer over a ragged batch: x [N × D] to h [N × H], with any cell. The products with W run over
 * all tokens at once; the recurrence is one fused kernel of the cell (see src/kernels/recurrence.ts).
 */
import type { StateShape } from '../core/carry.js';
import { columns, type Matrix } from '../core/matrix.js';
import { packed, packedTransposed } from '../core/packed.js';
import type { Initializer, Params } from '../core/params.js';
import { addBiasGradient, addWeightGradient, blank, multiply, packedCopy, rowsOf } from '../core/product.js';
import { gradient, gradientMatrix, type Probe, type Run } from '../core/run.js';
import { sentenceMask } from './dropout.js';
import { glorot, uniform } from './init.js';
import { orthogonal } from './orthogonal.js';

/** What the kernels of a cell take. Addresses; 0 where there is no state or no mask. */
export interface CellPass {
  readonly run: Run;
  readonly units: number;
  readonly reverse: boolean;
  /** x · W + b of every token, for what the cell computes; afterwards the gradient of that. */
  readonly z: number;
  readonly u: number;
  readonly state: number;
  readonly mask: number;
  readonly before: number;
  readonly h: Matrix;
}

export interface CellResult {
  /** [N × H] each: what a sentence carries on. */
  readonly carried: readonly Matrix[];
  /** Overwrites dh, and z with its gradient; `work` is [B × H]. */
  backward(dh: Matrix, uT: number, work: number): void;
}

export interface Cell {
  /** Columns of z, W and U, as multiples of the units; those of W are the first of z, those of U the last. */
  readonly columns: { readonly z: number; readonly w: number; readonly u: number };
  /** How many vectors of the units a sentence carries on. */
  readonly states: number;
  /** Gates, which go from 0 to 1, by the place of their columns in z after the forward pass. */
  readonly gates: Readonly<Record<string, number>>;
  /** Of the bias, which has the columns of z. */
  readonly bias: Initializer;
  forward(pass: CellPass): CellResult;
}

export interface RecurrentDirection {
  /** What it goes on from, if it does. */
  readonly states: readonly StateShape[];
  /** Writes h. The backward function overwrites dh and writes dx, or adds to it when `accumulate`. */
  forward(x: Matrix, h: Matrix, run: Run): (dh: Matrix, dx: Matrix, accumulate: boolean) => void;
}

export interface RecurrentShape {
  readonly input: number;
  readonly units: number;
  readonly reverse: boolean;
  /** Whether it goes on from the state of the run's carry, which only a direction that reads forward can. */
  readonly carries?: boolean;
  /** Share of h' dropped before the recurrent product in training, the same units at every step of a sentence. */
  readonly dropout?: number;
  readonly init?: RecurrentInit;
}

/** First values of W and U. */
export const recurrentInits = {
  uniform: (units: number) => {
    const range = uniform(1 / Math.sqrt(units));
    return { weight: range, recurrent: range };
  },
  /** Orthogonal recurrent weights and Glorot's of the input, each of a gate by itself. */
  orthogonal: (units: number) => ({ weight: glorot({ outputs: units }), recurrent: orthogonal }),
} as const;

export type RecurrentInit = keyof typeof recurrentInits;

export function recurrentDirection(
  params: Params,
  name: string,
  cell: Cell,
  { input, units, reverse, carries = false, dropout = 0, init = 'uniform' }: RecurrentShape,
): RecurrentDirection {
  const [zCols, wCols, uCols] = [cell.columns.z, cell.columns.w, cell.columns.u].map((n) => n * units);
  const first = recurrentInits[init](units);
  const weight = params.claim(`${name}.weight`, [input, wCols], first.weight);
  const recurrent = params.claim(`${name}.recurrent`, [units, uCols], first.recurrent);
  const bias = params.claim(`${name}.bias`, [zCols], cell.bias);
  const w = packed(params, weight);
  const wT = packedTransposed(params, weight);
  const u = packed(params, recurrent);
  const uT = packedTransposed(params, recurrent);
  const states = carries && !reverse ? [{ name, width: cell.states * units }] : [];
  return {
    states,
    forward(x, h, run) {
      const { kernels, arena, batch } = run;
      const { tokens: n, sentences } = batch;
      const z = rowsOf(params.address(bias), n, zCols, run);
      const [ofW, ofU] = [columns(z, 0, wCols), columns(z, zCols - uCols, uCols)];
      multiply(x, w.fresh(kernels), ofW, run, true);
      const before = blank(n, units, run);
      const state = states.length > 0 ? run.carry?.state(name, cell.states * units) : undefined;
      const pass = {
        run,
        units,
        reverse,
        z: z.address,
        u: u.fresh(kernels),
        state: state ? copyOf(state, sentences, run) : 0,
        mask: sentenceMask(units, dropout, run),
        before: before.address,
        h,
      };
      const { carried, backward } = cell.forward(pass);
      if (state) keepLast(carried, state, run);
      if (run.probe) tell(run.probe);
      function tell(probe: Probe): void {
        probe.states(name, h, run);
        for (const [gate, place] of Object.entries(cell.gates))
          probe.gate(name, gate, columns(z, place * units, units), run);
      }
      return (dh, dx, accumulate) => {
        backward(dh, uT.fresh(kernels), pass.mask ? arena.words(sentences * units) : 0);
        // z now holds its own gradient.
        const packedDz = packedCopy(ofW, run);
        addWeightGradient(x, packedDz, gradientMatrix(run, weight), run);
        const packedOfU = wCols === zCols && uCols === zCols ? packedDz : packedCopy(ofU, run);
        addWeightGradient(before, packedOfU, gradientMatrix(run, recurrent), run);
        addBiasGradient(z, gradient(run, bias), run);
        multiply(ofW, wT.fresh(kernels), dx, run, accumulate);
      };
    },
  };
}

/** Address of the first rows, one after another: the kernels of the backward pass need them after the state has moved on. */
function copyOf(state: Matrix, rows: number, run: Run): number {
  const copy = run.arena.words(rows * state.cols);
  run.kernels.copy_rows(rows, state.cols, state.address, state.stride, copy, state.cols);
  return copy;
}

/** The state is what the sentences carry on from their last tokens. */
function keepLast(carried: readonly Matrix[], state: Matrix, run: Run): void {
  const { length, steps } = run.batch;
  carried.forEach(({ address, cols, stride }, i) => {
    const to = columns(state, i * cols, cols).address;
    run.kernels.last_rows(length, steps, cols, address, stride, to, state.stride);
  });
}
