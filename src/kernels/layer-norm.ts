/**
 * Layer normalisation (Ba et al. 2016): every row of x [m × n] with mean 0 and variance 1, then gain and bias a column.
 *
 *   y[i][j] = gain[j] · (x[i][j] − mean[i]) · scale[i] + bias[j],  scale = 1 / √(variance + epsilon)
 *
 *   means, scales [m]  saved for the backward pass
 *
 * The variance is summed over the distances from the mean, not as the difference of two large numbers.
 */
import { get, madd, put, spread, sum_lanes } from './simd';

export function layer_norm(
  m: i32, n: i32, epsilon: f32,
  x: usize, xRow: i32, gain: usize, bias: usize, y: usize, yRow: i32, means: usize, scales: usize,
): void {
  for (let i = 0; i < m; i++, x += (<usize>xRow) << 2, y += (<usize>yRow) << 2, means += 4, scales += 4) {
    const mean = row_sum(n, x) / <f32>n;
    const scale: f32 = <f32>1 / sqrt(row_spread(n, x, mean) / <f32>n + epsilon);
    store<f32>(means, mean);
    store<f32>(scales, scale);
    let j: usize = 0;
    const bytes = (<usize>n) << 2;
    for (; j + 16 <= bytes; j += 16) norm_columns(j, x, mean, scale, gain, bias, y, true);
    for (; j < bytes; j += 4) norm_columns(j, x, mean, scale, gain, bias, y, false);
  }
}

@inline
function norm_columns(
  j: usize, x: usize, mean: f32, scale: f32, gain: usize, bias: usize, y: usize, wide: bool,
): void {
  const normal = normalised(x + j, mean, scale, wide);
  put(y + j, madd(normal, get(gain + j, wide), get(bias + j, wide)), wide);
}

@inline
function normalised(x: usize, mean: f32, scale: f32, wide: bool): v128 {
  return f32x4.mul(f32x4.sub(get(x, wide), spread(mean, wide)), f32x4.splat(scale));
}

@inline
function row_sum(n: i32, x: usize): f32 {
  let sum = f32x4.splat(0);
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16) sum = f32x4.add(sum, get(x, true));
  for (; x < end; x += 4) sum = f32x4.add(sum, get(x, false));
  return sum_lanes(sum);
}

/** Sum of the squares of the distances from the mean. */
@inline
function row_spread(n: i32, x: usize, mean: f32): f32 {
  let sum = f32x4.splat(0);
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16) sum = add_square(x, mean, sum, true);
  for (; x < end; x += 4) sum = add_square(x, mean, sum, false);
  return sum_lanes(sum);
}

@inline
function add_square(x: usize, mean: f32, sum: v128, wide: bool): v128 {
  const distance = f32x4.sub(get(x, wide), spread(mean, wide));
  return madd(distance, distance, sum);
}

/**
 * dy [m × n] the gradient of y; dx = that of x, and may be dy; dGain, dBias [n] += those of gain and bias. With x̂ the
 * normalised row and g = gain · dy: dx = scale · (g − mean(g) − x̂ · mean(g · x̂)).
 */
export function layer_norm_backward(
  m: i32, n: i32, x: usize, xRow: i32, gain: usize, means: usize, scales: usize,
  dy: usize, dyRow: i32, dx: usize, dxRow: i32, dGain: usize, dBias: usize,
): void {
  const bytes = (<usize>n) << 2;
  const share: f32 = <f32>1 / <f32>n;
  for (let i = 0; i < m; i++, x += (<usize>xRow) << 2, dy += (<usize>dyRow) << 2, dx += (<usize>dxRow) << 2) {
    const mean = load<f32>(means + ((<usize>i) << 2));
    const scale = load<f32>(scales + ((<usize>i) << 2));
    let sum = f32x4.splat(0), along = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const g = weigh(j, x, mean, scale, gain, dy, dGain, dBias, true);
      sum = f32x4.add(sum, g);
      along = madd(g, normalised(x + j, mean, scale, true), along);
    }
    for (; j < bytes; j += 4) {
      const g = weigh(j, x, mean, scale, gain, dy, dGain, dBias, false);
      sum = f32x4.add(sum, g);
      along = madd(g, normalised(x + j, mean, scale, false), along);
    }
    const level = sum_lanes(sum) * share, slope = sum_lanes(along) * share;
    for (j = 0; j + 16 <= bytes; j += 16) columns_backward(j, x, mean, scale, gain, dy, dx, level, slope, true);
    for (; j < bytes; j += 4) columns_backward(j, x, mean, scale, gain, dy, dx, level, slope, false);
  }
}

/** gain · dy of some columns; their part of dGain and dBias is added. */
@inline
function weigh(
  j: usize, x: usize, mean: f32, scale: f32, gain: usize, dy: usize, dGain: usize, dBias: usize, wide: bool,
): v128 {
  const d = get(dy + j, wide);
  put(dGain + j, madd(d, normalised(x + j, mean, scale, wide), get(dGain + j, wide)), wide);
  put(dBias + j, f32x4.add(d, get(dBias + j, wide)), wide);
  return f32x4.mul(d, get(gain + j, wide));
}

@inline
function columns_backward(
  j: usize, x: usize, mean: f32, scale: f32, gain: usize, dy: usize, dx: usize, level: f32, slope: f32, wide: bool,
): void {
  const g = f32x4.mul(get(dy + j, wide), get(gain + j, wide));
  const along = f32x4.mul(normalised(x + j, mean, scale, wide), f32x4.splat(slope));
  put(dx + j, f32x4.mul(f32x4.sub(f32x4.sub(g, f32x4.splat(level)), along), f32x4.splat(scale)), wide);
}
