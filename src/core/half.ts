/**
 * Half precision (IEEE 754 binary16) for numbers that are stored by the million: 1 sign, 5 exponent and
 * 10 fraction bits. Between 2^-14 and 65504 the relative error is at most 2^-11; below, the absolute error
 * is at most 2^-25.
 */

/** From here on a number rounds to infinity. */
export const halfOverflow = 65520;

// One float and its bits, to look at either.
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Rounds a number (taken as f32 first) to the nearest half, ties to even; returns its 16 bits. */
export function toHalf(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = bits[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // halfOverflow and more, infinity
  if (magnitude >= 0x38800000) {
    // Normal: move the exponent bias from 127 to 15 and drop 13 bits. A carry runs into the exponent, as it should.
    const rebased = magnitude - 0x38000000;
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
  }
  // Subnormal, a multiple of 2^-24: that is the last place of an f32 in [0.5, 1), so the addition rounds.
  bits[0] = magnitude;
  float[0] += 0.5;
  return sign | (bits[0] - 0x3f000000);
}

/** The number that 16 bits stand for; exact. */
export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return (half & 0x8000 ? -1 : 1) * fraction * 2 ** -24;
  const biased = exponent === 0x1f ? 0xff : exponent + 112;
  bits[0] = ((half & 0x8000) << 16) | (biased << 23) | (fraction << 13);
  return float[0];
}

/** Rounds all `values` into `out` from `offset` on. */
export function toHalves(values: Float32Array, out: Uint16Array, offset = 0): void {
  for (let i = 0; i < values.length; i++) out[offset + i] = toHalf(values[i]);
}

/** Widens all `halves` into `out` from `offset` on. */
export function fromHalves(halves: Uint16Array, out: Float32Array, offset = 0): void {
  for (let i = 0; i < halves.length; i++) out[offset + i] = fromHalf(halves[i]);
}

/** Widens bfloat16, the upper halves of floats, into `out`; exact. */
export function fromBfloats(halves: Uint16Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i] << 16;
}
