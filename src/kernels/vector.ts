/** Rows and columns of plain numbers: sums, biases, copies. All matrices are row-major, strides in floats. */
import { get, madd, put, sum_lanes } from './simd';

/** Every row of y [m × n], rows `yRow` floats apart, = b [n]. */
export function fill_rows(m: i32, n: i32, b: usize, y: usize, yRow: i32): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, y += (<usize>yRow) << 2) memory.copy(y, b, bytes);
}

/** out [n] += the sum of the rows of x [m × n], rows `xRow` floats apart. */
export function add_columns(m: i32, n: i32, x: usize, xRow: i32, out: usize): void {
  const stride = (<usize>xRow) << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) add_column(m, x + ((<usize>j) << 2), stride, out + ((<usize>j) << 2), true);
  for (; j < n; j++) add_column(m, x + ((<usize>j) << 2), stride, out + ((<usize>j) << 2), false);
}

@inline
function add_column(m: i32, x: usize, stride: usize, out: usize, wide: bool): void {
  let sum = get(out, wide);
  for (let i = 0; i < m; i++, x += stride) sum = f32x4.add(sum, get(x, wide));
  put(out, sum, wide);
}

/** y += x, n floats. */
export function add(n: i32, x: usize, y: usize): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, y += 16) v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  for (; x < end; x += 4, y += 4) store<f32>(y, load<f32>(y) + load<f32>(x));
}

/** y [m × n] += x [m × n], rows `yRow` and `xRow` floats apart. */
export function add_rows(m: i32, n: i32, x: usize, xRow: i32, y: usize, yRow: i32): void {
  for (let i = 0; i < m; i++, x += (<usize>xRow) << 2, y += (<usize>yRow) << 2) add(n, x, y);
}

/** y [m × n] with rows `yRow` apart = x [m × n] with rows `xRow` apart. */
export function copy_rows(m: i32, n: i32, x: usize, xRow: i32, y: usize, yRow: i32): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, x += (<usize>xRow) << 2, y += (<usize>yRow) << 2) memory.copy(y, x, bytes);
}

/** y[i] = x[ids[i]] for i < n, rows of `dim` floats; x's rows are `xRow` apart, y's `yRow`. */
export function pick_rows(n: i32, dim: i32, ids: usize, x: usize, xRow: i32, y: usize, yRow: i32): void {
  const bytes = (<usize>dim) << 2;
  for (let i = 0; i < n; i++, ids += 4, y += (<usize>yRow) << 2) {
    memory.copy(y, x + (<usize>load<i32>(ids) * <usize>xRow << 2), bytes);
  }
}

/** Sum of squares of n floats; not finite when one of them is not. Partial sums of 1,024 keep the error of a long sum small. */
export function sum_squares(n: i32, x: usize): f64 {
  let total: f64 = 0;
  const end = x + ((<usize>n) << 2);
  while (x + 16 <= end) {
    const stop = min(end, x + 4096);
    let sum = f32x4.splat(0);
    for (; x + 16 <= stop; x += 16) {
      const v = v128.load(x);
      sum = madd(v, v, sum);
    }
    total += <f64>sum_lanes(sum);
  }
  for (; x < end; x += 4) total += <f64>(load<f32>(x) * load<f32>(x));
  return total;
}

/**
 * x += the blocks behind it, in order: `count` blocks in all, `stride` bytes apart, n floats of each, n a multiple of
 * four. The blocks behind x are set to zero. Returns the sum of squares of the new x.
 */
export function reduce_blocks(n: i32, count: i32, x: usize, stride: usize): f64 {
  const zero = f32x4.splat(0);
  const end = x + ((<usize>n) << 2);
  let total: f64 = 0;
  while (x < end) {
    const stop = min(end, x + 4096);
    let squares = zero;
    for (; x < stop; x += 16) {
      let sum = v128.load(x);
      let block = x;
      for (let i = 1; i < count; i++) {
        block += stride;
        sum = f32x4.add(sum, v128.load(block));
        v128.store(block, zero);
      }
      v128.store(x, sum);
      squares = madd(sum, sum, squares);
    }
    total += <f64>sum_lanes(squares);
  }
  return total;
}

/** Puts n floats into ±limit, infinite ones too; NaN stays, and shows in the sum of squares that is returned. */
export function clamp(n: i32, x: usize, limit: f32): f64 {
  const end = x + ((<usize>n) << 2);
  let at = x;
  for (; at + 16 <= end; at += 16) clamp_units(at, limit, true);
  for (; at < end; at += 4) clamp_units(at, limit, false);
  return sum_squares(n, x);
}

@inline
function clamp_units(x: usize, limit: f32, wide: bool): void {
  // In this order both give their first operand back where it is NaN; `min` and `max` take three times as long.
  put(x, f32x4.pmax(f32x4.pmin(get(x, wide), f32x4.splat(limit)), f32x4.splat(-limit)), wide);
}

/** y += share · (x − y), n floats. */
export function approach(n: i32, x: usize, y: usize, share: f32): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, y += 16) approach_units(x, y, share, true);
  for (; x < end; x += 4, y += 4) approach_units(x, y, share, false);
}

@inline
function approach_units(x: usize, y: usize, share: f32, wide: bool): void {
  const before = get(y, wide);
  put(y, madd(f32x4.splat(share), f32x4.sub(get(x, wide), before), before), wide);
}
