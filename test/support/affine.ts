/** Rows of x · W + b in f64, by definition: x [N × D], W [D × H], b [H]. */
export function affine(x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>): number[][] {
  const [output, input] = [bias.length, weight.length / bias.length];
  return Array.from({ length: x.length / input }, (_, row) =>
    Array.from({ length: output }, (_, j) => {
      let sum = bias[j];
      for (let d = 0; d < input; d++) sum += x[row * input + d] * weight[d * output + j];
      return sum;
    }),
  );
}
