/** Errors in units in the last place (ULP): the distance of neighbouring floats at the exact result. */
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

export function ulpAt(exact: number): number {
  const size = Math.abs(exact);
  if (size < 2 ** -126) return 2 ** -149;
  float[0] = size;
  // The exponent of the largest float also serves for what rounds to infinity.
  return 2 ** (Math.min(254, bits[0] >>> 23) - 150);
}

/** Every `stride`-th float from `low` to `high`, both of one sign, in the order of their bits. */
export function floatsBetween(low: number, high: number, stride: number): Float32Array {
  const bitsOf = (value: number) => {
    float[0] = value;
    return bits[0];
  };
  const [first, last] = [bitsOf(low), bitsOf(high)].sort((a, b) => a - b);
  const out = new Uint32Array(Math.ceil((last - first + 1) / stride));
  for (let i = 0; i < out.length; i++) out[i] = first + i * stride;
  return new Float32Array(out.buffer);
}

/** The largest error of `actual` in ULP, and the argument where it is. */
export function worstError(
  x: Float32Array,
  actual: Float32Array,
  reference: (x: number) => number,
): { ulp: number; at: number } {
  let worst = { ulp: 0, at: Number.NaN };
  for (let i = 0; i < x.length; i++) {
    const exact = reference(x[i]);
    const ulp = actual[i] === exact ? 0 : Math.abs(actual[i] - exact) / ulpAt(exact);
    // A NaN is the worst.
    if (!(ulp <= worst.ulp)) worst = { ulp, at: x[i] };
  }
  return worst;
}
