/**
 * Gradients against finite differences of a loss that runs in f32. The four-point stencil has an error of the order of
 * step⁴, so that the step may be large (1e-2) and rounding in the loss, divided by the step, stays small.
 */
import { expect } from 'vitest';

export interface GradientCheck {
  readonly name: string;
  /** The values that the loss depends on, fetched anew at every use: a heap that grows replaces its views. */
  readonly values: () => Float32Array;
  readonly gradient: ArrayLike<number>;
  /** Deterministic; sums in f64. */
  readonly loss: () => number;
  readonly step?: number;
  /** The loss has kinks (maxima over time): where one is near, a smaller step or the slope of either side will do. */
  readonly kinks?: boolean;
  /** Largest difference allowed, as a share of the largest gradient. */
  readonly tolerance?: number;
  /** Difference allowed beyond that: what rounding in a large loss, divided by the step, comes to. */
  readonly absolute?: number;
  /** Check every n-th value of a long array. */
  readonly every?: number;
}

export function expectGradient(check: GradientCheck): void {
  const { name, values, gradient, step = 1e-2, kinks, tolerance = 1e-3, absolute = 0, every = 1 } = check;
  if (gradient.length !== values().length) {
    expect.fail(`${name}: ${gradient.length} gradients of ${values().length} values`);
  }
  const largest = Array.from(gradient).reduce((most, g) => Math.max(most, Math.abs(g)), 1e-2);
  const allowed = tolerance * largest + absolute;
  for (let i = 0; i < gradient.length; i += every) {
    const expected = slope(check, i, step);
    const difference = Math.abs(gradient[i] - expected);
    if (difference <= allowed) continue;
    if (kinks && nearKink(check, i, step).some((other) => Math.abs(gradient[i] - other) <= allowed)) continue;
    expect.fail(
      `d${name}[${i}] is ${gradient[i]}, by finite differences ${expected}: off by ${difference}, ` +
        `allowed ${allowed} (rounding of the loss over a step of ${step})`,
    );
  }
}

function slope(check: GradientCheck, i: number, step: number): number {
  const [far, near, , back, farBack] = lossesAround(check, i, step);
  const inner = (near.loss - back.loss) / (near.distance - back.distance);
  const outer = (far.loss - farBack.loss) / (far.distance - farBack.distance);
  return (4 * inner - outer) / 3;
}

/** The slopes with smaller steps, and those right and left of the value by three points each. */
function nearKink(check: GradientCheck, i: number, step: number): number[] {
  return [slope(check, i, step / 5), ...[step / 2, step / 8].flatMap((small) => oneSided(check, i, small))];
}

function oneSided(check: GradientCheck, i: number, step: number): number[] {
  const [far, near, middle, back, farBack] = lossesAround(check, i, step);
  const side = (one: typeof near, two: typeof near) =>
    (2 * (one.loss - middle.loss)) / one.distance - (two.loss - middle.loss) / two.distance;
  return [side(near, far), side(back, farBack)];
}

function lossesAround({ values, loss }: GradientCheck, i: number, step: number) {
  const middle = values()[i];
  const losses = [2 * step, step, 0, -step, -2 * step].map((offset) => {
    values()[i] = middle + offset;
    // What was stored is rounded; use the distance that it really has.
    return { distance: values()[i] - middle, loss: loss() };
  });
  values()[i] = middle;
  return losses;
}
