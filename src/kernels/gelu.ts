/**
 * The Gaussian error linear unit (Hendrycks and Gimpel 2016): gelu(x) = x · Φ(x), Φ the standard normal distribution.
 *
 * Exact but for rounding: the tail of Φ by formula 7.1.26 of Abramowitz and Stegun 1964, whose largest error is 7.5e-8,
 * about that of a float near 1. It costs what the usual form with tanh does, one exponential and one division, which is
 * off by up to 4.7e-4; and the density, which the derivative needs, is that same exponential. Largest errors, measured and
 * tested in test/reference/gelu.test.ts: 4.3e-7 of gelu and 2 ULP more where it is large; 3e-7 of the derivative.
 */
import { exp_down4 } from './math';
import { get, madd, put } from './simd';

const SQRT_HALF: f32 = 0.7071067811865476;
/** 1 / √2π. */
const DENSITY: f32 = 0.3989422804014327;
const P: f32 = 0.3275911;
/** The coefficients of the formula, halved: Φ(x) = (1 + erf(x / √2)) / 2. */
const A1: f32 = 0.127414796;
const A2: f32 = -0.142248368;
const A3: f32 = 0.7107068705;
const A4: f32 = -0.7265760135;
const A5: f32 = 0.5307027145;

/** exp(−x² / 2). */
@inline
function bell(x: v128): v128 {
  return exp_down4(f32x4.mul(f32x4.mul(x, f32x4.splat(-0.5)), x));
}

/** Φ(x), from its `bell`. */
@inline
function normal_distribution(x: v128, bell: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, madd(f32x4.abs(x), f32x4.splat(P * SQRT_HALF), one));
  let series = f32x4.splat(A5);
  series = madd(series, t, f32x4.splat(A4));
  series = madd(series, t, f32x4.splat(A3));
  series = madd(series, t, f32x4.splat(A2));
  series = madd(series, t, f32x4.splat(A1));
  const tail = f32x4.mul(f32x4.mul(series, t), bell);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/** y = gelu(x) of n floats; y may be x. */
export function gelu(n: i32, x: usize, y: usize): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, y += 16) gelu_of(x, y, true);
  for (; x < end; x += 4, y += 4) gelu_of(x, y, false);
}

@inline
function gelu_of(x: usize, y: usize, wide: bool): void {
  const value = get(x, wide);
  put(y, f32x4.mul(value, normal_distribution(value, bell(value))), wide);
}

/** dy ·= Φ(x) + x · φ(x), n floats: the gradient of y becomes that of x. */
export function gelu_backward(n: i32, x: usize, dy: usize): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, dy += 16) slope_of(x, dy, true);
  for (; x < end; x += 4, dy += 4) slope_of(x, dy, false);
}

@inline
function slope_of(x: usize, dy: usize, wide: bool): void {
  const value = get(x, wide);
  const height = bell(value);
  const density = f32x4.mul(height, f32x4.splat(DENSITY));
  const slope = madd(value, density, normal_distribution(value, height));
  put(dy, f32x4.mul(get(dy, wide), slope), wide);
}
