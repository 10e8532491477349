/**
 * Max over time of a character convolution, and its backward pass.
 *
 *   starts [w + 1]  word i has the character rows starts[i] … starts[i + 1] − pad − 1; the `pad` rows after them are
 *                   zeros, which pad this word on the right and the next on the left (so are the first `pad` rows)
 *   y      [rows × f]  the convolution at every row, computed by a matrix product whose rows of A overlap
 *   winners [w × f]  the row of the largest value, the first of equals
 *
 * Only a winner carries a gradient, so the backward pass costs one window a word and filter, not one a row and filter.
 */
import { get, madd, put } from './simd';

/** out [w × f] (rows `outRow` apart) = bias + max over the word's rows of y. */
export function char_max(w: i32, f: i32, pad: i32, starts: usize, y: usize, bias: usize, winners: usize, out: usize, outRow: i32): void {
  const yBytes = (<usize>f) << 2;
  for (let i = 0; i < w; i++, starts += 4, winners += yBytes, out += (<usize>outRow) << 2) {
    const first = load<i32>(starts);
    const last = load<i32>(starts, 4) - pad - 1;
    let j = 0;
    for (; j + 4 <= f; j += 4) max_column(first, last, y, yBytes, (<usize>j) << 2, bias, winners, out, true);
    for (; j < f; j++) max_column(first, last, y, yBytes, (<usize>j) << 2, bias, winners, out, false);
  }
}

@inline
function max_column(
  first: i32, last: i32, y: usize, yBytes: usize, j: usize, bias: usize, winners: usize, out: usize, wide: bool,
): void {
  let from = y + <usize>first * yBytes + j;
  let best = get(from, wide);
  let winner = i32x4.splat(first);
  for (let row = first + 1; row <= last; row++) {
    from += yBytes;
    const value = get(from, wide);
    const better = f32x4.gt(value, best);
    best = v128.bitselect(value, best, better);
    winner = v128.bitselect(i32x4.splat(row), winner, better);
  }
  put(winners + j, winner, wide);
  put(out + j, f32x4.add(best, get(bias + j, wide)), wide);
}

/**
 * x [rows × dim] the characters, filters [f × span] with span = width · dim, dy [w × f] (rows `dyRow` apart):
 * dFilters [f × span] += , dx [rows × dim] += . `pad` rows of a window lie before its middle.
 */
export function char_max_backward(
  w: i32, f: i32, dim: i32, span: i32, pad: i32,
  winners: usize, dy: usize, dyRow: i32,
  x: usize, filters: usize, dx: usize, dFilters: usize,
): void {
  const spanBytes = (<usize>span) << 2;
  for (let i = 0; i < w; i++, dy += (<usize>dyRow) << 2) {
    for (let j = 0; j < f; j++, winners += 4) {
      const g = load<f32>(dy + ((<usize>j) << 2));
      if (g == 0) continue;
      const offset = <usize>((load<i32>(winners) - pad) * dim) << 2;
      let from = x + offset, to = dx + offset;
      let weight = filters + <usize>j * spanBytes, dWeight = dFilters + <usize>j * spanBytes;
      const gradient = f32x4.splat(g);
      const end = from + spanBytes;
      for (; from + 16 <= end; from += 16, to += 16, weight += 16, dWeight += 16) {
        spread(gradient, from, to, weight, dWeight, true);
      }
      for (; from < end; from += 4, to += 4, weight += 4, dWeight += 4) {
        spread(gradient, from, to, weight, dWeight, false);
      }
    }
  }
}

@inline
function spread(gradient: v128, x: usize, dx: usize, weight: usize, dWeight: usize, wide: bool): void {
  put(dWeight, madd(gradient, get(x, wide), get(dWeight, wide)), wide);
  put(dx, madd(gradient, get(weight, wide), get(dx, wide)), wide);
}
