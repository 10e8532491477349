/**
 * Orthogonal first values of recurrent weights, which neither stretch nor shrink what passes through them again and again
 * (Saxe et al. 2014).
 */
import type { Initializer } from '../core/params.js';
import type { Random } from '../core/random.js';

/** Of U [H × k·H]: k square blocks side by side, each with UᵀU = I, uniform among all such matrices. */
export const orthogonal: Initializer = (values, [size, cols], random) => {
  for (let first = 0; first < cols; first += size) {
    orthonormalRows(size, random).forEach((row, i) => {
      values.set(row, i * cols + first);
    });
  }
};

/** Random vectors, each less its parts along those before it; twice, for what rounding has left. */
function orthonormalRows(size: number, random: Random): Float64Array[] {
  const rows: Float64Array[] = [];
  while (rows.length < size) {
    const row = Float64Array.from({ length: size }, () => normal(random));
    for (let round = 0; round < 2; round++)
      for (const other of rows) addMultiple(row, other, -dot(row, other));
    const length = Math.sqrt(dot(row, row));
    rows.push(row.map((value) => value / length));
  }
  return rows;
}

/** Of mean 0 and variance 1 (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addMultiple(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
