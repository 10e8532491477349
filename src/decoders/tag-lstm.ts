/**
 * The LSTM of a tag decoder: at every token it reads x, the output of the encoder, and the embedding of the tag before.
 *
 *   z = x · W + b + embedding[tag before] · V + h' · U, with x [N × D], W [D × 4H], embedding [(K + 1) × E], V [E × 4H]
 *
 * Row K of the embedding stands before the first token. The products of the embedding with V are made once a pass.
 */
import { type Matrix, matrix, rowsFrom } from '../core/matrix.js';
import { packed, packedTransposed } from '../core/packed.js';
import type { Params } from '../core/params.js';
import { addBiasGradient, addWeightGradient, blank, multiply, packedCopy, rowsOf } from '../core/product.js';
import { gradient, gradientMatrix, type Run } from '../core/run.js';
import { uniform } from '../layers/init.js';
import { forgetOne } from '../layers/lstm.js';

/** Output and cells of rows: h [n × H] and, at addresses without gaps between the rows, c and tanh(c), as the kernels want them. */
export interface LstmState {
  readonly h: Matrix;
  readonly c: number;
  readonly s: number;
}

export interface TagLstm {
  /** x · W + b [N × 4H]. */
  project(x: Matrix, run: Run): Matrix;
  /** embedding · V [(K + 1) × 4H]. */
  projectTags(run: Run): Matrix;
  /** A state of n rows that holds anything. */
  state(n: number, run: Run): LstmState;
  /**
   * One token on: z [n × 4H], without gaps, as it comes from `project`, becomes the gates; `tags` is the address of the tags
   * before, i32 [n]; `before` are the states before, none at the first token.
   */
  step(
    z: Matrix,
    tags: number,
    tagSums: Matrix,
    before: LstmState | undefined,
    to: LstmState,
    run: Run,
  ): void;
  /** All tokens of the batch, given the tags before each. The same bits as its steps one by one. */
  forward(z: Matrix, tags: number, tagSums: Matrix, to: LstmState, run: Run): void;
  /** Gradients of the parameters and of x, after a forward pass or all of its steps; dh and the gates are overwritten. */
  backward(x: Matrix, z: Matrix, tags: number, state: LstmState, dh: Matrix, run: Run): Matrix;
}

export interface TagLstmSize {
  /** Width of x. */
  readonly input: number;
  readonly tags: number;
  /** Width of an embedding. */
  readonly dim: number;
  readonly units: number;
}

export function tagLstm(params: Params, name: string, { input, tags: k, dim, units }: TagLstmSize): TagLstm {
  const gates = 4 * units;
  const range = uniform(1 / Math.sqrt(units));
  const embedding = params.claim(`${name}.embedding`, [k + 1, dim], uniform(Math.sqrt(3 / dim)));
  const weight = params.claim(`${name}.weight`, [input, gates], range);
  const tagWeight = params.claim(`${name}.tagWeight`, [dim, gates], range);
  const recurrent = params.claim(`${name}.recurrent`, [units, gates], range);
  const bias = params.claim(`${name}.bias`, [gates], forgetOne);
  const [w, v, u] = [weight, tagWeight, recurrent].map((one) => packed(params, one));
  const [wT, vT, uT] = [weight, tagWeight, recurrent].map((one) => packedTransposed(params, one));
  const embeddings = () => matrix(params.address(embedding), k + 1, dim);

  const addTags = (z: Matrix, tags: number, tagSums: Matrix, { kernels }: Run) =>
    kernels.gather_add(z.rows, gates, tags, tagSums.address, z.address, gates);

  return {
    project(x, run) {
      const z = rowsOf(params.address(bias), x.rows, gates, run);
      multiply(x, w.fresh(run.kernels), z, run, true);
      return z;
    },

    projectTags(run) {
      const sums = blank(k + 1, gates, run);
      multiply(embeddings(), v.fresh(run.kernels), sums, run);
      return sums;
    },

    state: (n, run) => ({
      h: blank(n, units, run),
      c: run.arena.words(n * units),
      s: run.arena.words(n * units),
    }),

    step(z, tags, tagSums, before, { h, c, s }, run) {
      addTags(z, tags, tagSums, run);
      if (before) multiply({ ...before.h, rows: z.rows }, u.fresh(run.kernels), z, run, true);
      run.kernels.lstm_cells(z.rows, units, z.address, before?.c ?? 0, h.address, h.stride, c, s);
    },

    forward(z, tags, tagSums, { h, c, s }, run) {
      const { kernels, batch } = run;
      addTags(z, tags, tagSums, run);
      const { length: t, steps, tokens: n } = batch;
      const [from, before] = [u.fresh(kernels), run.arena.words(n * units)];
      kernels.lstm_forward(t, steps, false, units, z.address, from, 0, 0, before, h.address, h.stride, c, s);
    },

    backward(x, z, tags, { h, c, s }, dh, run) {
      const { kernels, arena, batch } = run;
      const { tokens: n, length: t, steps, sentences } = batch;
      const back = uT.fresh(kernels);
      const { address: d, stride: dRow } = dh;
      const dc = arena.zeros(sentences * units);
      kernels.lstm_backward(t, steps, false, units, z.address, back, 0, 0, 0, d, dRow, c, s, dc);
      // z now holds its own gradient.
      const dz = packedCopy(z, run);
      const before = outputsBefore(h, run);
      addWeightGradient(x, dz, gradientMatrix(run, weight), run);
      addWeightGradient(before, dz, gradientMatrix(run, recurrent), run);
      addBiasGradient(z, gradient(run, bias), run);
      const dTags = matrix(arena.zeros((k + 1) * gates), k + 1, gates);
      kernels.scatter_add(n, gates, tags, z.address, z.stride, dTags.address);
      addWeightGradient(embeddings(), packedCopy(dTags, run), gradientMatrix(run, tagWeight), run);
      multiply(dTags, vT.fresh(kernels), gradientMatrix(run, embedding), run, true);
      const dx = blank(n, input, run);
      multiply(z, wT.fresh(kernels), dx, run);
      return dx;
    },
  };
}

/** The output at the token before every token; zeros before the first. */
function outputsBefore(h: Matrix, { kernels, arena, batch }: Run): Matrix {
  const { firstRows, length } = batch;
  const before = matrix(arena.words(h.rows * h.cols), h.rows, h.cols);
  arena.heap.f32.fill(0, before.address / 4, before.address / 4 + (firstRows[1] ?? 0) * h.cols);
  for (let t = 1; t < length; t++) {
    const [from, to] = [rowsFrom(h, firstRows[t - 1]), rowsFrom(before, firstRows[t])];
    kernels.copy_rows(
      firstRows[t + 1] - firstRows[t],
      h.cols,
      from.address,
      from.stride,
      to.address,
      to.stride,
    );
  }
  return before;
}

/** Some rows of a state, in place. */
export function stateFrom({ h, c, s }: LstmState, first: number): LstmState {
  const bytes = first * h.cols * 4;
  return { h: rowsFrom(h, first), c: c + bytes, s: s + bytes };
}
