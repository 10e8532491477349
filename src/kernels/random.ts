/**
 * Counter-based random numbers: the value at (stream, index) is a hash of both, so that who computes it and in which
 * order does not matter. Two multiply-xorshift rounds (the finalizer of MurmurHash3, Appleby 2011), keyed twice.
 */

/** 32 random bits for four indices. */
@inline
export function random4(index: v128, key0: i32, key1: i32): v128 {
  let x = i32x4.mul(v128.xor(index, i32x4.splat(key0)), i32x4.splat(0x9e3779b1));
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(v128.xor(x, i32x4.splat(key1)), i32x4.splat(0x85ebca6b));
  x = v128.xor(x, i32x4.shr_u(x, 13));
  x = i32x4.mul(x, i32x4.splat(0xc2b2ae35));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** The keys of a stream of its own for each pair of numbers, in the lanes 0 and 1. */
@inline
export function fork(a: i32, b: i32, key0: i32, key1: i32): v128 {
  const first = random4(i32x4.add(i32x4.splat(a << 1), i32x4(0, 1, 0, 0)), key0, key1);
  const second = i32x4.add(i32x4.splat(b << 1), i32x4(0, 1, 0, 0));
  return random4(second, i32x4.extract_lane(first, 0), i32x4.extract_lane(first, 1));
}

/**
 * Inverted dropout, in place: x[i] = 0 with probability `rate`, else x[i] / (1 − rate). The same call on the gradient
 * is the backward pass, so no mask is kept.
 */
export function dropout(n: i32, x: usize, rate: f32, key0: i32, key1: i32): void {
  // Lane i is dropped when its 24 high bits are below rate · 2²⁴.
  const threshold = i32x4.splat(<i32>(rate * 16777216.0));
  const scale = f32x4.splat(<f32>1 / (<f32>1 - rate));
  let index = i32x4(0, 1, 2, 3);
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16) {
    const bits = i32x4.shr_u(random4(index, key0, key1), 8);
    v128.store(x, v128.andnot(f32x4.mul(v128.load(x), scale), i32x4.lt_s(bits, threshold)));
    index = i32x4.add(index, i32x4.splat(4));
  }
  let bits = i32x4.shr_u(random4(index, key0, key1), 8);
  for (; x < end; x += 4) {
    const kept = v128.andnot(f32x4.mul(v128.load32_zero(x), scale), i32x4.lt_s(bits, threshold));
    v128.store_lane<f32>(x, kept, 0);
    bits = v128.shuffle<i32>(bits, bits, 1, 2, 3, 0);
  }
}
