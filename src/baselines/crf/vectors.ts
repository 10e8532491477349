/** What L-BFGS does with parts of long vectors, from `first` to before `end`. */
import type { Combination } from './direction.js';

export interface Vectors {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  /** Both where the step began. */
  readonly from: Float64Array;
  readonly gradientFrom: Float64Array;
  readonly direction: Float64Array;
  /** Remembered: what was added to x, and what came to the gradient by it. */
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
}

type Part = readonly [first: number, end: number];

/** x = from + step · direction. */
export function advance({ x, from, direction }: Vectors, step: number, [first, end]: Part): void {
  for (let i = first; i < end; i++) x[i] = from[i] + step * direction[i];
}

/** Remembers the step and the change that has led here, and begins anew from here. The sum of the gradient's squares. */
export function arrive(vectors: Vectors, step: number, slot: number, [first, end]: Part): number {
  const { x, gradient, from, gradientFrom, direction } = vectors;
  const [s, y] = [vectors.steps[slot], vectors.changes[slot]];
  let squares = 0;
  for (let i = first; i < end; i++) {
    s[i] = step * direction[i];
    y[i] = gradient[i] - gradientFrom[i];
    from[i] = x[i];
    gradientFrom[i] = gradient[i];
    squares += gradient[i] * gradient[i];
  }
  return squares;
}

/** Products of the newest step, change and gradient with those of a slot. */
export const PRODUCTS = 5;

/** Writes s · y of the slot, y · s, y · y, gradient · s and gradient · y of the slot. */
export function multiply(
  { gradient, steps, changes }: Vectors,
  newest: number,
  slot: number,
  [first, end]: Part,
  terms: Float64Array,
  at: number,
): void {
  const [s, y, s2, y2] = [steps[newest], changes[newest], steps[slot], changes[slot]];
  let [sy, ys, yy, gs, gy] = [0, 0, 0, 0, 0];
  for (let i = first; i < end; i++) {
    sy += s[i] * y2[i];
    ys += y[i] * s2[i];
    yy += y[i] * y2[i];
    gs += gradient[i] * s2[i];
    gy += gradient[i] * y2[i];
  }
  terms[at] = sy;
  terms[at + 1] = ys;
  terms[at + 2] = yy;
  terms[at + 3] = gs;
  terms[at + 4] = gy;
}

/** direction = −combination. Its product with the gradient. */
export function turn(vectors: Vectors, { g, slots, s, y }: Combination, [first, end]: Part): number {
  const { gradient, direction, steps, changes } = vectors;
  for (let i = first; i < end; i++) direction[i] = -g * gradient[i];
  for (const slot of slots) {
    const [step, change, byStep, byChange] = [steps[slot], changes[slot], s[slot], y[slot]];
    for (let i = first; i < end; i++) direction[i] -= byStep * step[i] + byChange * change[i];
  }
  let slope = 0;
  for (let i = first; i < end; i++) slope += gradient[i] * direction[i];
  return slope;
}
