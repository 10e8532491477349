/** The standard normal distribution in float64. */

export const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Φ(x) = ½ + φ(x) · (x + x³/3 + x⁵/(3·5) + …), all terms of one sign (Marsaglia 2004). */
export function normalDistribution(x: number): number {
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-18; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

export const geluOf = (x: number) => x * normalDistribution(x);

export const geluSlope = (x: number) => normalDistribution(x) + x * density(x);
