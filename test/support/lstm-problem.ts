/** Random LSTM layers over ragged batches, with outputs and gradients computed one sentence at a time in f64. */
import { numbers, seeded } from './arrays.js';
import { lstmReference, slopes } from './lstm.js';
import { type Ragged, ragged } from './ragged.js';

export interface LstmCase {
  readonly lengths: readonly number[];
  readonly units: number;
  readonly reverse: boolean;
}

export interface LstmProblem {
  batch: Ragged;
  z: Float32Array;
  u: Float32Array;
  dh: Float32Array;
}

export function makeLstm({ lengths, units }: LstmCase): LstmProblem {
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
export function bySentence(
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

export function lstmExpected(one: LstmCase, key: 'h' | 'c' | 'gates'): Float64Array {
  const { units, reverse } = one;
  const { batch, z, u } = makeLstm(one);
  return bySentence(
    batch,
    key === 'gates' ? 4 * units : units,
    (rows) => lstmReference(rowsOf(z, rows, 4 * units), Float64Array.from(u), units, reverse)[key],
  );
}

/** Σ dh ∘ h of a sentence, whose gradients are looked for. */
function sentenceLoss(
  one: LstmCase,
  { dh }: LstmProblem,
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

export function gradientOfInput(one: LstmCase): Float64Array {
  const problem = makeLstm(one);
  const u = Float64Array.from(problem.u);
  return bySentence(problem.batch, 4 * one.units, (rows) => {
    const z = rowsOf(problem.z, rows, 4 * one.units);
    return z.map((values) => slopes(values, () => sentenceLoss(one, problem, rows, z, u)));
  });
}

export function gradientOfWeights(one: LstmCase): Float64Array {
  const problem = makeLstm(one);
  const u = Float64Array.from(problem.u);
  const sentences = problem.batch.lengths.map((_, b) => problem.batch.rows(b));
  const inputs = sentences.map((rows) => rowsOf(problem.z, rows, 4 * one.units));
  return slopes(u, () =>
    sentences.reduce((sum, rows, b) => sum + sentenceLoss(one, problem, rows, inputs[b], u), 0),
  );
}
