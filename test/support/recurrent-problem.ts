/** Random recurrent layers over ragged batches, with outputs and gradients computed one sentence at a time in f64. */
import { numbers, seeded } from './arrays.js';
import { type Ragged, ragged } from './ragged.js';
import { type ReferenceCell, recurrentReference, type Sentence, type Trace } from './recurrent.js';
import { slopes } from './slopes.js';

export interface RecurrentCase {
  readonly lengths: readonly number[];
  readonly units: number;
  readonly reverse: boolean;
  /** Whether sentences have a state before their first token, and a mask. */
  readonly state: boolean;
  readonly mask: boolean;
}

export interface RecurrentProblem {
  readonly cell: ReferenceCell;
  readonly batch: Ragged;
  readonly z: Float32Array;
  readonly u: Float32Array;
  readonly dh: Float32Array;
  /** [B × states·H], [B × H]; absent where the case has none. */
  readonly state?: Float32Array;
  readonly mask?: Float32Array;
}

export function makeRecurrent(cell: ReferenceCell, one: RecurrentCase): RecurrentProblem {
  const { lengths, units } = one;
  const batch = ragged(lengths);
  const random = seeded(units, batch.tokens);
  const factors = [0, 0.5, 2];
  return {
    cell,
    batch,
    z: numbers(batch.tokens * cell.z * units, random, 2),
    u: numbers(units * cell.u * units, random, 1 / Math.sqrt(units)),
    dh: numbers(batch.tokens * units, random),
    state: one.state ? numbers(lengths.length * cell.states * units, random) : undefined,
    mask: one.mask
      ? Float32Array.from({ length: lengths.length * units }, () => factors[random.below(3)])
      : undefined,
  };
}

/** Rows of all sentences, each computed on its own. */
export function bySentence(
  batch: Ragged,
  width: number,
  compute: (rows: number[], sentence: number) => ArrayLike<number>[],
): Float64Array {
  const out = new Float64Array(batch.tokens * width);
  for (let b = 0; b < batch.lengths.length; b++) {
    const rows = batch.rows(b);
    for (const [token, values] of compute(rows, b).entries()) out.set(values, rows[token] * width);
  }
  return out;
}

export function sentenceOf(one: RecurrentCase, problem: RecurrentProblem, b: number): Sentence {
  const { cell, batch, z, u, state, mask } = problem;
  const { units, reverse } = one;
  const row = (values: Float32Array | undefined, width: number, at: number) =>
    values && Float64Array.from(values.subarray(at * width, (at + 1) * width));
  return {
    z: batch.rows(b).map((at) => row(z, cell.z * units, at) as Float64Array),
    u: Float64Array.from(u),
    units,
    reverse,
    state: row(state, cell.states * units, b),
    mask: row(mask, units, b),
  };
}

export function expectedRows(one: RecurrentCase, problem: RecurrentProblem, key: keyof Trace): Float64Array {
  const { cell, batch } = problem;
  const width = { h: 1, before: 1, states: cell.states, left: cell.z }[key] * one.units;
  return bySentence(batch, width, (_, b) => recurrentReference(cell, sentenceOf(one, problem, b))[key]);
}

/** So small that the rectifier's kink is hardly ever near; losses of f64 still have nine digits after it. */
const STEP = 1e-7;

/** Σ dh ∘ h of a sentence, whose gradients are looked for. */
function lossOf({ cell, dh }: RecurrentProblem, rows: readonly number[], sentence: Sentence): number {
  const { units } = sentence;
  const { h } = recurrentReference(cell, sentence);
  return rows.reduce(
    (sum, row, token) => sum + h[token].reduce((s, value, i) => s + value * dh[row * units + i], 0),
    0,
  );
}

export function gradientOfInput(one: RecurrentCase, problem: RecurrentProblem): Float64Array {
  return bySentence(problem.batch, problem.cell.z * one.units, (rows, b) => {
    const sentence = sentenceOf(one, problem, b);
    return sentence.z.map((values) => slopes(values, () => lossOf(problem, rows, sentence), STEP));
  });
}

export function gradientOfWeights(one: RecurrentCase, problem: RecurrentProblem): Float64Array {
  const u = Float64Array.from(problem.u);
  const sentences = problem.batch.lengths.map((_, b) => ({
    rows: problem.batch.rows(b),
    sentence: { ...sentenceOf(one, problem, b), u },
  }));
  const loss = () => sentences.reduce((sum, { rows, sentence }) => sum + lossOf(problem, rows, sentence), 0);
  return slopes(u, loss, STEP);
}
