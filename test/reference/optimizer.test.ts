/** Steps of the optimizers against the published formulas in f64, several steps in a row. */
import { describe, it } from 'vitest';
import { combine, numbers, seeded, sizes } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, roundings, type Tolerance } from '../support/close.js';
import type { Block, GuardedMemory } from '../support/memory.js';

const STEPS = 3;
const tolerance: Tolerance = roundings(16 * STEPS, 4);

interface Sgd {
  scale: number;
  rate: number;
  momentum: number;
  decay: number;
}
interface Adam {
  scale: number;
  rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  penalty: number;
  shrink: number;
}
/** Changes parameter and state at one place, given its gradient. */
type Rule = (state: Float64Array[], i: number, gradient: number) => void;

const sgdSettings = combine<Sgd>({
  scale: [1, 0.25],
  rate: [0.015, 0.5],
  momentum: [0, 0.9],
  decay: [0, 1e-2],
});
const adamSettings = combine<Adam>({
  scale: [1, 0.25],
  rate: [1e-3, 0.1],
  beta1: [0.9],
  beta2: [0.95, 0.999],
  epsilon: [1e-8, 1e-3],
  penalty: [0, 1e-2],
  shrink: [0, 1e-2],
});

/** Sutskever et al. 2013: v ← μ v + g, p ← p − η v, with g the clipped gradient plus the L2 term. */
const sgdRule =
  ({ scale, rate, momentum, decay }: Sgd): Rule =>
  ([p, v], i, gradient) => {
    v[i] = momentum * v[i] + scale * gradient + decay * p[i];
    p[i] -= rate * v[i];
  };

/** Kingma and Ba 2015, with the bias correction inside of rate and epsilon; Loshchilov and Hutter 2019 for `shrink`. */
const adamRule =
  ({ scale, rate, beta1, beta2, epsilon, penalty, shrink }: Adam): Rule =>
  ([p, m, v], i, gradient) => {
    const g = scale * gradient + penalty * p[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    p[i] = p[i] * (1 - shrink) - (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
  };

interface Run {
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
function expectSteps({ memory, start, places, rule, step }: Run): void {
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

const ascending = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Second moments are not negative. */
const moments = (n: number) => numbers(n, seeded(n, 3)).map(Math.abs);
const parameters = (n: number) => numbers(n, seeded(n, 1), 2);
const velocity = (n: number) => numbers(n, seeded(n, 2));

eachBuild(({ kernels, check }) => {
  describe('a step on all parameters', () => {
    it('sgd', () => {
      check(combine({ n: sizes, settings: sgdSettings }), ({ n, settings }, memory) => {
        const { scale, rate, momentum, decay } = settings;
        expectSteps({
          memory,
          start: [parameters(n), velocity(n)],
          places: ascending(n),
          rule: sgdRule(settings),
          step: ([p, v], g) => kernels.sgd(n, p, g, v, scale, rate, momentum, decay),
        });
      });
    });

    it('sgd without momentum needs no state', () => {
      check(combine({ n: sizes, settings: sgdSettings }), ({ n, settings }, memory) => {
        const { scale, rate, decay } = settings;
        const rule = sgdRule({ ...settings, momentum: 0 });
        expectSteps({
          memory,
          start: [parameters(n)],
          places: ascending(n),
          rule: ([p], i, gradient) => rule([p, new Float64Array(n)], i, gradient),
          step: ([p], g) => kernels.sgd(n, p, g, 0, scale, rate, 0, decay),
        });
      });
    });

    it('adam', () => {
      check(combine({ n: sizes, settings: adamSettings }), ({ n, settings }, memory) => {
        const { scale, rate, beta1, beta2, epsilon, penalty, shrink } = settings;
        expectSteps({
          memory,
          start: [parameters(n), velocity(n), moments(n)],
          places: ascending(n),
          rule: adamRule(settings),
          step: ([p, m, v], g) =>
            kernels.adam(n, p, g, m, v, scale, rate, beta1, beta2, epsilon, penalty, shrink),
        });
      });
    });
  });

  describe('a step on some rows of a table', () => {
    const tables = combine({
      dim: sizes.filter((n) => n > 0 && n < 20),
      ids: [[], [0], [6, 2, 3], [5, 0, 1, 2, 3, 4, 6]],
    });
    const ROWS = 7;
    const places = (ids: readonly number[], dim: number) =>
      ids.flatMap((id) => ascending(dim).map((j) => id * dim + j));

    it('sgd_rows changes those alone', () => {
      check(
        combine({ table: tables, settings: sgdSettings }),
        ({ table: { dim, ids }, settings }, memory) => {
          const { scale, rate, momentum, decay } = settings;
          const idsAt = memory.input(Int32Array.from(ids));
          expectSteps({
            memory,
            start: [parameters(ROWS * dim), velocity(ROWS * dim)],
            places: places(ids, dim),
            rule: sgdRule(settings),
            step: ([p, v], g) =>
              kernels.sgd_rows(ids.length, dim, idsAt, p, g, v, scale, rate, momentum, decay),
          });
        },
      );
    });

    it('adam_rows changes those alone', () => {
      check(
        combine({ table: tables, settings: adamSettings }),
        ({ table: { dim, ids }, settings }, memory) => {
          const { scale, rate, beta1, beta2, epsilon, penalty, shrink } = settings;
          const idsAt = memory.input(Int32Array.from(ids));
          expectSteps({
            memory,
            start: [parameters(ROWS * dim), velocity(ROWS * dim), moments(ROWS * dim)],
            places: places(ids, dim),
            rule: adamRule(settings),
            step: ([p, m, v], g) =>
              kernels.adam_rows(
                ids.length,
                dim,
                idsAt,
                p,
                g,
                m,
                v,
                scale,
                rate,
                beta1,
                beta2,
                epsilon,
                penalty,
                shrink,
              ),
          });
        },
      );
    });
  });
});
