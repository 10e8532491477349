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
  /** Largest difference allowed, as a share of the largest gradient. */
  readonly tolerance?: number;
  /** Check every n-th value of a long array. */
  readonly every?: number;
}

export function expectGradient(check: GradientCheck): void {
  const { name, values, gradient, step = 1e-2, tolerance = 1e-3, every = 1 } = check;
  if (gradient.length !== values().length) {
    expect.fail(`${name}: ${gradient.length} gradients of ${values().length} values`);
  }
  const largest = Array.from(gradient).reduce((most, g) => Math.max(most, Math.abs(g)), 1e-2);
  for (let i = 0; i < gradient.length; i += every) {
    const expected = slope(check, i, step);
    const difference = Math.abs(gradient[i] - expected);
    if (difference <= tolerance * largest) continue;
    expect.fail(
      `d${name}[${i}] is ${gradient[i]}, by finite differences ${expected}: off by ${difference}, ` +
        `allowed ${tolerance * largest} (rounding of the loss over a step of ${step})`,
    );
  }
}

function slope({ values, loss }: GradientCheck, i: number, step: number): number {
  const middle = values()[i];
  const at = (offset: number) => {
    values()[i] = middle + offset;
    // What was stored is rounded; use the distance that it really has.
    return { distance: values()[i] - middle, loss: loss() };
  };
  const [far, near, back, farBack] = [2 * step, step, -step, -2 * step].map(at);
  values()[i] = middle;
  const inner = (near.loss - back.loss) / (near.distance - back.distance);
  const outer = (far.loss - farBack.loss) / (far.distance - farBack.distance);
  return (4 * inner - outer) / 3;
}
