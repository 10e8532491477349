/** What monitors measure: norms, distances and shares of numbers. Nothing is changed by it. */
import { sum_lanes } from './simd';

/** out [m] = the Euclidean norms of the rows of x [m × n], rows `xRow` floats apart. */
export function row_norms(m: i32, n: i32, x: usize, xRow: i32, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, x += (<usize>xRow) << 2, out += 4) {
    let sum = f32x4.splat(0), at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const v = v128.load(x + at);
      sum = f32x4.add(sum, f32x4.mul(v, v));
    }
    let total = sum_lanes(sum);
    for (; at < bytes; at += 4) total += load<f32>(x + at) * load<f32>(x + at);
    store<f32>(out, sqrt<f32>(total));
  }
}

/** How many numbers of x [m × n], rows `xRow` floats apart, are below `low` or above `high`; NaN is neither. */
export function count_outside(m: i32, n: i32, x: usize, xRow: i32, low: f32, high: f32): i32 {
  const bytes = (<usize>n) << 2;
  const least = f32x4.splat(low), most = f32x4.splat(high);
  let counts = i32x4.splat(0), rest = 0;
  for (let i = 0; i < m; i++, x += (<usize>xRow) << 2) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const v = v128.load(x + at);
      // A lane that is outside is −1.
      counts = i32x4.sub(counts, v128.or(f32x4.lt(v, least), f32x4.gt(v, most)));
    }
    for (; at < bytes; at += 4) {
      const v = load<f32>(x + at);
      if (v < low || v > high) rest++;
    }
  }
  return rest + i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
}

/** Sum of the squares of x − y, n floats each. Partial sums of 1,024 keep the error of a long sum small. */
export function squared_distance(n: i32, x: usize, y: usize): f64 {
  let total: f64 = 0;
  const end = x + ((<usize>n) << 2);
  while (x + 16 <= end) {
    const stop = min(end, x + 4096);
    let sum = f32x4.splat(0);
    for (; x + 16 <= stop; x += 16, y += 16) {
      const d = f32x4.sub(v128.load(x), v128.load(y));
      sum = f32x4.add(sum, f32x4.mul(d, d));
    }
    total += <f64>sum_lanes(sum);
  }
  for (; x < end; x += 4, y += 4) {
    const d = load<f32>(x) - load<f32>(y);
    total += <f64>(d * d);
  }
  return total;
}
