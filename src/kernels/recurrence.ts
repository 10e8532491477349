/**
 * What recurrent layers share: they walk the time steps of a ragged batch, reversed ones from the last to the first, and
 * hand the output h' of one step to the next.
 *
 * Sentences are sorted from long to short, so that row b of the step before belongs to the sentence of row b of this step:
 * every step is one product over the sentences that are under way. Sentences that begin take zeros for h'; those of the
 * first step take `state` [B × units of all that is carried] where it is not 0.
 *
 *   mask    [B × H]  factors of h' before the product, the same at every step of a sentence; 0 for none
 *   before  [N × H]  what the rows are multiplied with, h' ∘ mask or zeros: the gradient of the weights needs it
 */
import { matmul } from './matmul';
import { get, madd, put } from './simd';
import { alive_after, step_row } from './steps';

/** The step at a place of the walk. */
@inline
export function walked(t: i32, place: i32, reverse: bool): i32 {
  return reverse ? t - 1 - place : place;
}

/** Sentences that have a token at a step. */
@inline
export function alive_at(steps: usize, step: i32): i32 {
  return step_row(steps, step + 1) - step_row(steps, step);
}

/** `before` of a step [alive × H]: h' (rows `hBytes` apart) of the first `carried` sentences, times the mask; zeros for the others. */
export function recall(
  alive: i32, carried: i32, units: i32, h: usize, hBytes: usize, mask: usize, before: usize,
): void {
  const bytes = (<usize>units) << 2;
  for (let b = 0; b < carried; b++, h += hBytes, before += bytes) {
    let at: usize = 0;
    if (mask) {
      for (; at + 16 <= bytes; at += 16) put(before + at, f32x4.mul(get(h + at, true), get(mask + at, true)), true);
      for (; at < bytes; at += 4) put(before + at, f32x4.mul(get(h + at, false), get(mask + at, false)), false);
      mask += bytes;
    } else {
      for (; at + 16 <= bytes; at += 16) put(before + at, get(h + at, true), true);
      for (; at < bytes; at += 4) put(before + at, get(h + at, false), false);
    }
  }
  memory.fill(before, 0, <usize>(alive - carried) * bytes);
}

/**
 * dh' (rows `dhRow` apart) += (dz · Uᵀ) ∘ mask of a step: dz [carried × k], rows `dzRow` apart, uT packed. `work` [B × H] is
 * used where there is a mask.
 */
export function hand_back(
  carried: i32, units: i32, k: i32, dz: usize, dzRow: i32, uT: usize, mask: usize, work: usize, dh: usize, dhRow: i32,
): void {
  if (!mask) {
    matmul(carried, units, k, dz, dzRow, 1, uT, dh, dhRow, true);
    return;
  }
  matmul(carried, units, k, dz, dzRow, 1, uT, work, units, false);
  const bytes = (<usize>units) << 2;
  for (let b = 0; b < carried; b++, mask += bytes, work += bytes, dh += (<usize>dhRow) << 2) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) add_masked(mask + at, work + at, dh + at, true);
    for (; at < bytes; at += 4) add_masked(mask + at, work + at, dh + at, false);
  }
}

@inline
function add_masked(mask: usize, x: usize, y: usize, wide: bool): void {
  put(y, madd(get(mask, wide), get(x, wide), get(y, wide)), wide);
}

/** state [B × H], rows `stateRow` apart, = the row of x [N × H], rows `xRow` apart, of the last token of every sentence. */
export function last_rows(t: i32, steps: usize, units: i32, x: usize, xRow: i32, state: usize, stateRow: i32): void {
  for (let step = 0; step < t; step++) {
    const first = step_row(steps, step);
    for (let b = alive_after(t, steps, step), alive = alive_at(steps, step); b < alive; b++) {
      const from = x + <usize>(first + b) * ((<usize>xRow) << 2);
      memory.copy(state + <usize>b * ((<usize>stateRow) << 2), from, (<usize>units) << 2);
    }
  }
}
