/** The published formulas of the optimizers in f64, and several steps of a kernel against them. */
import { combine, numbers, seeded } from './arrays.js';
import { exact, expectClose, roundings, type Tolerance } from './close.js';
import type { Block, GuardedMemory } from './memory.js';

const STEPS = 3;
/** As the kernels take them: 1 − 0.999 in f32 differs from that in f64 by a hundredth of a per mille. */
function rounded<T extends object>(settings: T): T {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === 'number' ? Math.fround(value) : value,
    ]),
  ) as T;
}
const tolerance: Tolerance = roundings(16 * STEPS, 4);

export interface Sgd {
  scale: number;
  rate: number;
  momentum: number;
  nesterov: boolean;
  decay: number;
}
export interface Adam {
  scale: number;
  rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  penalty: number;
  shrink: number;
  /** Share of the gradient itself, and 0 where the step is not divided by the root. */
  ahead: number;
  root: number;
  amsgrad: boolean;
}
/** Changes parameter and state at one place, given its gradient. */
export type Rule = (state: Float64Array[], i: number, gradient: number) => void;

export const sgdSettings = combine<Sgd>({
  scale: [1, 0.25],
  rate: [0.015, 0.5],
  momentum: [0, 0.9],
  nesterov: [false, true],
  decay: [0, 1e-2],
});
const plainAdam = { ahead: [0], root: [1], amsgrad: [false] };
export const adamSettings = [
  ...combine<Adam>({
    scale: [1, 0.25],
    rate: [1e-3, 0.1],
    beta1: [0.9],
    beta2: [0.95, 0.999],
    epsilon: [1e-8, 1e-3],
    penalty: [0, 1e-2],
    shrink: [0, 1e-2],
    ...plainAdam,
  }),
  ...[{ ahead: [0.2] }, { root: [0], epsilon: [1] }, { amsgrad: [true] }].flatMap((other) =>
    combine<Adam>({
      scale: [0.25],
      rate: [0.1],
      beta1: [0.9],
      beta2: [0.95],
      epsilon: [1e-3],
      penalty: [0, 1e-2],
      shrink: [0, 1e-2],
      ...plainAdam,
      ...other,
    }),
  ),
].map(rounded);

/** Sutskever et al. 2013: v ← μ v + g, p ← p − η v or p − η (g + μ v), with g the clipped gradient plus the L2 term. */
export const sgdRule =
  ({ scale, rate, momentum, nesterov, decay }: Sgd): Rule =>
  ([p, v], i, gradient) => {
    const g = scale * gradient + decay * p[i];
    v[i] = momentum * v[i] + g;
    p[i] -= rate * (nesterov ? g + momentum * v[i] : v[i]);
  };

/**
 * Kingma and Ba 2015, with the bias correction inside of rate and epsilon; Loshchilov and Hutter 2019 for `shrink`, Reddi et
 * al. 2018 for the largest square.
 */
export const adamRule =
  ({ scale, rate, beta1, beta2, epsilon, penalty, shrink, ahead, root, amsgrad }: Adam): Rule =>
  ([p, m, v, top], i, gradient) => {
    const g = scale * gradient + penalty * p[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    if (amsgrad) top[i] = Math.max(top[i], v[i]);
    const direction = ahead * g + (1 - ahead) * m[i];
    p[i] = p[i] * (1 - shrink) - (rate * direction) / (root * Math.sqrt(amsgrad ? top[i] : v[i]) + epsilon);
  };

export interface Run {
  memory: GuardedMemory;
  /** Parameters and state at the start. */
  start: Float32Array[];
  /** For each float of the gradient the place of its parameter. */
  places: readonly number[];
  rule: Rule;
  /** The kernel's step on the addresses of the state and of the gradient. */
  step: (state: number[], gradient: number) => void;
}

/** Takes steps with new gradients; compares parameters, state, and that gradients are zero afterwards. */
export function expectSteps({ memory, start, places, rule, step }: Run): void {
  const random = seeded(places.length);
  const expected = start.map((array) => Float64Array.from(array));
  const blocks: Block<Float32Array>[] = start.map((array) => memory.output(array));
  for (let n = 0; n < STEPS; n++) {
    const gradient = numbers(places.length, random, 2);
    const block = memory.output(gradient);
    step(
      blocks.map(({ address }) => address),
      block.address,
    );
    places.forEach((place, i) => {
      rule(expected, place, gradient[i]);
    });
    expectClose(block.read(), new Float32Array(places.length), exact, 'gradient');
  }
  const touched = new Set(places);
  blocks.forEach((block, s) => {
    const found = block.read();
    expectClose(found, expected[s], tolerance, `array ${s}, element`);
    const untouched = [...found.keys()].filter((i) => !touched.has(i));
    expectClose(
      untouched.map((i) => found[i]),
      untouched.map((i) => start[s][i]),
      exact,
      'untouched element',
    );
  });
}
