/** A float64 LSTM of one sentence, from the equations of Gers et al. (2000); the gradient by finite differences. */

export interface LstmTrace {
  h: Float64Array[];
  c: Float64Array[];
  /** The gates i, f, g, o of every token. */
  gates: Float64Array[];
}

/** `z` [4H] for every token: x · W + b; `u` [H × 4H], gates in the order i, f, g, o. */
export function lstmReference(
  z: readonly Float64Array[],
  u: Float64Array,
  units: number,
  reverse: boolean,
): LstmTrace {
  const trace: LstmTrace = { h: [], c: [], gates: [] };
  let h = new Float64Array(units);
  let c = new Float64Array(units);
  for (let step = 0; step < z.length; step++) {
    const token = reverse ? z.length - 1 - step : step;
    const sums = z[token].slice();
    for (let from = 0; from < units; from++) {
      for (let to = 0; to < 4 * units; to++) sums[to] += h[from] * u[from * 4 * units + to];
    }
    const gates = sums.map((sum, i) =>
      Math.floor(i / units) === 2 ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum)),
    );
    const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates.subarray(gate * units, (gate + 1) * units));
    c = c.map((cell, unit) => f[unit] * cell + i[unit] * g[unit]);
    h = c.map((cell, unit) => o[unit] * Math.tanh(cell));
    trace.h[token] = h;
    trace.c[token] = c;
    trace.gates[token] = gates;
  }
  return trace;
}

/** d(loss)/d(values) by central differences in f64; `values` is left as it was. */
export function slopes(values: Float64Array, loss: () => number, step = 1e-4): Float64Array {
  return values.map((middle, i) => {
    values[i] = middle + step;
    const above = loss();
    values[i] = middle - step;
    const below = loss();
    values[i] = middle;
    return (above - below) / (2 * step);
  });
}
