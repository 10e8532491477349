/** Factors of rows: one a row, or those of a sentence at all of its tokens. Rows `xRow` and `yRow` floats apart; y may be x. */
import { alive_at } from './recurrence';
import { get, put } from './simd';
import { step_row } from './steps';

/** Row i of y [m × n] = factors[i] · row i of x. */
export function scale_rows(m: i32, n: i32, factors: usize, x: usize, xRow: i32, y: usize, yRow: i32): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, factors += 4, x += (<usize>xRow) << 2, y += (<usize>yRow) << 2) {
    const factor = f32x4.splat(load<f32>(factors));
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) put(y + at, f32x4.mul(factor, get(x + at, true)), true);
    for (; at < bytes; at += 4) put(y + at, f32x4.mul(factor, get(x + at, false)), false);
  }
}

/** y [N × n] = x ∘ mask at every step of a ragged batch (see `steps.ts`): mask [B × n], a row a sentence. */
export function mask_rows(
  t: i32, steps: usize, n: i32, mask: usize, x: usize, xRow: i32, y: usize, yRow: i32,
): void {
  const bytes = (<usize>n) << 2;
  for (let step = 0; step < t; step++) {
    const first = <usize>step_row(steps, step), alive = alive_at(steps, step);
    let factors = mask, from = x + first * ((<usize>xRow) << 2), to = y + first * ((<usize>yRow) << 2);
    for (let b = 0; b < alive; b++, factors += bytes, from += (<usize>xRow) << 2, to += (<usize>yRow) << 2) {
      let at: usize = 0;
      for (; at + 16 <= bytes; at += 16) put(to + at, f32x4.mul(get(from + at, true), get(factors + at, true)), true);
      for (; at < bytes; at += 4) put(to + at, f32x4.mul(get(from + at, false), get(factors + at, false)), false);
    }
  }
}
