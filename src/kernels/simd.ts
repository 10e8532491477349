/**
 * What the kernels share of SIMD. `madd` and `madd2` are the one place where the two builds differ: one fused instruction
 * in the relaxed build; a product and a sum, each rounded, in the plain one.
 */

@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** `madd` of two doubles. */
@inline
export function madd2(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Four floats, or (for the remainder of a row) one float and three zeros. `wide` is constant where it is used. */
@inline
export function get(pointer: usize, wide: bool): v128 {
  return wide ? v128.load(pointer) : v128.load32_zero(pointer);
}

/** The counterpart of `get`. */
@inline
export function put(pointer: usize, value: v128, wide: bool): void {
  if (wide) v128.store(pointer, value);
  else v128.store_lane<f32>(pointer, value, 0);
}

/** The value in the lanes that `get` fills, zeros in the others. */
@inline
export function spread(value: f32, wide: bool): v128 {
  return wide ? f32x4.splat(value) : f32x4.replace_lane(f32x4.splat(0), 0, value);
}

@inline
export function sum_lanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

@inline
export function max_lanes(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}
