/** What a tag decoder in training reads as the tag before every token: the gold ones, or now and then one that it draws. */
import { type Matrix, rowsFrom } from '../core/matrix.js';
import type { Random } from '../core/random.js';
import type { Run } from '../core/run.js';
import type { Linear } from '../layers/linear.js';
import { type LstmState, stateFrom, type TagLstm } from './tag-lstm.js';

/** Address of the gold tag before every token, i32 [N]; `start` before the first. `tags` is the address of the gold tags. */
export function goldBefore(tags: number, start: number, { arena, batch }: Run): number {
  const before = arena.words(batch.tokens);
  const { i32 } = arena.heap;
  const { firstRows, length } = batch;
  i32.fill(start, before / 4, before / 4 + (firstRows[1] ?? 0));
  for (let t = 1; t < length; t++) {
    const from = tags / 4 + firstRows[t - 1];
    i32.copyWithin(before / 4 + firstRows[t], from, from + firstRows[t + 1] - firstRows[t]);
  }
  return before;
}

export interface SampledPass {
  readonly lstm: TagLstm;
  readonly output: Linear;
  /** Probability of the gold tag, for every token by itself. */
  readonly share: number;
  readonly random: Random;
}

/**
 * A forward pass of the decoder token by token that goes on from what it draws: writes the gates to z, and the tags that it
 * has read over some of the gold ones `before`. What it draws comes from the softmax over all tags, forbidden or not, of an
 * output without dropout. No gradient flows through the choice.
 */
export function forwardSampled(
  { lstm, output, share, random }: SampledPass,
  z: Matrix,
  before: number,
  tagSums: Matrix,
  state: LstmState,
  run: Run,
): void {
  const { firstRows, length } = run.batch;
  for (let t = 0; t < length; t++) {
    const [first, rows] = [firstRows[t], firstRows[t + 1] - firstRows[t]];
    const last = t > 0 ? stateFrom(state, firstRows[t - 1]) : undefined;
    const tags = before + first * 4;
    if (last) draw({ ...last.h, rows }, tags);
    lstm.step({ ...rowsFrom(z, first), rows }, tags, tagSums, last, stateFrom(state, first), run);
  }

  /** Lets some of the tags after h be drawn. */
  function draw(h: Matrix, tags: number): void {
    const { kernels, arena } = run;
    const [logits] = output.forward(h, run);
    const { rows: n, cols: k, address } = logits;
    kernels.softmax_rows(n, k, address, address, arena.words(n), arena.words(n));
    const { f32, i32 } = arena.heap;
    for (let row = 0; row < n; row++) {
      // Two numbers a row whatever happens, so that a row's do not depend on those before.
      const [coin, point] = [random.uniform(), random.uniform()];
      if (coin >= share) i32[tags / 4 + row] = pointIn(f32, address / 4 + row * k, k, point);
    }
  }
}

/** The first of k probabilities whose sum with those before it is beyond the point. */
function pointIn(values: Float32Array, first: number, k: number, point: number): number {
  let sum = 0;
  for (let j = 0; j < k - 1; j++) {
    sum += values[first + j];
    if (sum > point) return j;
  }
  return k - 1;
}
