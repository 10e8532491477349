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
