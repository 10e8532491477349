/**
 * exp, sigmoid and tanh of four floats at a time. exp(x) = 2ⁿ · exp(r) with n = round(x / ln 2), |r| ≤ ln 2 / 2
 * (Cody and Waite's reduction in two steps), and the Taylor series of exp(r) − 1 to degree 7, whose truncation error at
 * the edge, r⁸/8!, is below a quarter ULP. Largest errors, measured over the floats and tested in
 * test/reference/math.test.ts: exp 2 ULP, sigmoid 4 ULP, tanh 4 ULP. Infinities give the limits, NaN gives NaN.
 */
import { get, madd, put } from './simd';

const LOG2E: f32 = 1.4426950408889634;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444005469057e-4;
/** 1.5 · 2²³: adding it rounds to an integer and leaves that integer in the low bits. */
const ROUND: f32 = 12582912.0;
/** Below, 2ⁿ would be subnormal; above, infinite. */
const LOWEST: f32 = -87.0;
const HIGHEST: f32 = 88.0;

/** Integer part of x / ln 2, plus ROUND. */
@inline
function rounded(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(LOG2E)), f32x4.splat(ROUND));
}

@inline
function remainder(x: v128, shifted: v128): v128 {
  const n = f32x4.neg(f32x4.sub(shifted, f32x4.splat(ROUND)));
  return madd(n, f32x4.splat(LN2_LOW), madd(n, f32x4.splat(LN2_HIGH), x));
}

@inline
function power_of_two(shifted: v128): v128 {
  return i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
}

/** exp(r) − 1 for |r| ≤ ln 2 / 2. */
@inline
function expm1_series(r: v128): v128 {
  let p = f32x4.splat(<f32>(1.0 / 5040.0));
  p = madd(p, r, f32x4.splat(<f32>(1.0 / 720.0)));
  p = madd(p, r, f32x4.splat(<f32>(1.0 / 120.0)));
  p = madd(p, r, f32x4.splat(<f32>(1.0 / 24.0)));
  p = madd(p, r, f32x4.splat(<f32>(1.0 / 6.0)));
  p = madd(p, r, f32x4.splat(0.5));
  return madd(f32x4.mul(p, r), r, r);
}

/** exp(x), with exp(x < −87) = 0 and exp(x > 88) = ∞. */
@inline
export function exp4(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(HIGHEST)), f32x4.splat(LOWEST));
  const shifted = rounded(bounded);
  const series = expm1_series(remainder(bounded, shifted));
  const scale = power_of_two(shifted);
  const inside = madd(series, scale, scale);
  const low = v128.andnot(inside, f32x4.lt(x, f32x4.splat(LOWEST)));
  return v128.bitselect(f32x4.splat(Infinity), low, f32x4.gt(x, f32x4.splat(HIGHEST)));
}

/** exp(x) of numbers that are not above 0, with exp(x < −87) = 0. */
@inline
export function exp_down4(x: v128): v128 {
  const bounded = f32x4.pmax(x, f32x4.splat(LOWEST));
  const shifted = rounded(bounded);
  const scale = power_of_two(shifted);
  return v128.andnot(madd(expm1_series(remainder(bounded, shifted)), scale, scale), f32x4.lt(x, f32x4.splat(LOWEST)));
}

/**
 * exp(x) of two floats (the lanes 0 and 1) in double precision's range: 0 below −700, and above 700 as at 700. The mantissa is that
 * of `exp4`, the exponent does not underflow.
 */
@inline
export function exp_wide(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(700)), f32x4.splat(-700));
  const shifted = rounded(bounded);
  const mantissa = f64x2.promote_low_f32x4(f32x4.add(expm1_series(remainder(bounded, shifted)), f32x4.splat(1)));
  const exponent = i32x4.sub(shifted, f32x4.splat(ROUND));
  const scale = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(exponent), i64x2.splat(1023)), 52);
  const below = i64x2.extend_low_i32x4_s(f32x4.lt(x, f32x4.splat(-700)));
  return v128.andnot(f64x2.mul(mantissa, scale), below);
}

/** 1 / (1 + exp(−x)). */
@inline
export function sigmoid4(x: v128): v128 {
  const negative = f32x4.neg(x);
  const bounded = f32x4.pmax(f32x4.pmin(negative, f32x4.splat(HIGHEST)), f32x4.splat(LOWEST));
  const shifted = rounded(bounded);
  const scale = power_of_two(shifted);
  const exponential = madd(expm1_series(remainder(bounded, shifted)), scale, scale);
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponential));
}

/** tanh(x) = e / (e + 2) with e = exp(2|x|) − 1, which keeps its digits near 0, and the sign of x. */
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  // tanh(10) rounds to 1.
  const twice = f32x4.pmin(f32x4.add(size, size), f32x4.splat(20));
  const shifted = rounded(twice);
  const scale = power_of_two(shifted);
  const e = madd(expm1_series(remainder(twice, shifted)), scale, f32x4.sub(scale, f32x4.splat(1)));
  const value = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
  return v128.bitselect(x, value, i32x4.splat(0x80000000));
}

/** y = exp(x) of n floats; y may be x. */
export function exp(n: i32, x: usize, y: usize): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, y += 16) put(y, exp4(get(x, true)), true);
  for (; x < end; x += 4, y += 4) put(y, exp4(get(x, false)), false);
}

/** y = sigmoid(x) of n floats; y may be x. */
export function sigmoid(n: i32, x: usize, y: usize): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, y += 16) put(y, sigmoid4(get(x, true)), true);
  for (; x < end; x += 4, y += 4) put(y, sigmoid4(get(x, false)), false);
}

/** y = tanh(x) of n floats; y may be x. */
export function tanh(n: i32, x: usize, y: usize): void {
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16, y += 16) put(y, tanh4(get(x, true)), true);
  for (; x < end; x += 4, y += 4) put(y, tanh4(get(x, false)), false);
}
