/** Positions and distances as vectors: sin and cos in turn of waves that get longer from column to column (Vaswani et al. 2017). */
import type { Matrix } from '../core/matrix.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';

/** The longest wave has 2π times this many tokens. */
const SLOWEST = 10_000;

/**
 * Rows for the numbers first … first + count − 1, which may be below 0: there the sines, and only they, change their signs.
 * Waves rise to `height`.
 */
export function sinusoids(first: number, count: number, width: number, run: Run, height = 1): Matrix {
  const rows = blank(count, width, run);
  const view = run.arena.heap.f32;
  for (let column = 0; column < width; column++) {
    const wave = column % 2 === 0 ? Math.sin : Math.cos;
    const step = SLOWEST ** (-(column - (column % 2)) / width);
    let at = (rows.address >>> 2) + column;
    for (let i = 0; i < count; i++, at += width) view[at] = height * wave((first + i) * step);
  }
  return rows;
}
