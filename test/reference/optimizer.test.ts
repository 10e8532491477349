/** Steps of the optimizers against the published formulas in f64, several steps in a row. */
import { describe, expect, it } from 'vitest';
import { combine, numbers, seeded, sizes } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import type { GuardedMemory } from '../support/memory.js';
import {
  type Adam,
  adamRule,
  adamSettings,
  expectSteps,
  sgdRule,
  sgdSettings,
} from '../support/optimizer.js';

const ascending = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Second moments are not negative; tiny ones would make the steps, and with them the roundings, very large. */
const moments = (n: number) => numbers(n, seeded(n, 3)).map((value) => Math.abs(value) + 0.01);
const parameters = (n: number) => numbers(n, seeded(n, 1), 2);
const velocity = (n: number) => numbers(n, seeded(n, 2));

/** Parameters, moments, and for AMSGrad the largest squares so far, some of which are passed. */
const adamStart = (n: number, { amsgrad }: Adam) => [
  parameters(n),
  velocity(n),
  moments(n),
  ...(amsgrad ? [moments(n).map((square, i) => square * (i % 2 ? 0.5 : 2))] : []),
];
const adamNumbers = ({ scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink }: Adam) =>
  [scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink] as const;

eachBuild(({ kernels, check }) => {
  describe('a step on all parameters', () => {
    it('sgd', () => {
      check(combine({ n: sizes, settings: sgdSettings }), ({ n, settings }, memory) => {
        const { scale, rate, momentum, nesterov, decay } = settings;
        expectSteps({
          memory,
          start: [parameters(n), velocity(n)],
          places: ascending(n),
          rule: sgdRule(settings),
          step: ([p, v], g) => kernels.sgd(n, p, g, v, scale, rate, momentum, nesterov, decay),
        });
      });
    });

    it('sgd without momentum needs no state', () => {
      check(combine({ n: sizes, settings: sgdSettings }), ({ n, settings }, memory) => {
        const { scale, rate, nesterov, decay } = settings;
        const rule = sgdRule({ ...settings, momentum: 0 });
        expectSteps({
          memory,
          start: [parameters(n)],
          places: ascending(n),
          rule: ([p], i, gradient) => rule([p, new Float64Array(n)], i, gradient),
          step: ([p], g) => kernels.sgd(n, p, g, 0, scale, rate, 0, nesterov, decay),
        });
      });
    });

    it('adam', () => {
      check(combine({ n: sizes, settings: adamSettings }), ({ n, settings }, memory) => {
        expectSteps({
          memory,
          start: adamStart(n, settings),
          places: ascending(n),
          rule: adamRule(settings),
          step: ([p, m, v, top = 0], g) => kernels.adam(n, p, g, m, v, top, ...adamNumbers(settings)),
        });
      });
    });
  });

  describe('a step in two parts gives the same bytes as a whole one', () => {
    /** Takes steps on `arrays` and new gradients: whole, or up to the float `cut` and from there on. */
    const expectSameBytes = (
      n: number,
      memory: GuardedMemory,
      arrays: readonly Float32Array[],
      step: (floats: number, addresses: number[]) => void,
    ) => {
      const after = (...parts: readonly (readonly [first: number, floats: number])[]) => {
        const blocks = [...arrays, numbers(n, seeded(n, 4), 2)].map((array) => memory.output(array));
        for (const [first, floats] of parts) {
          step(
            floats,
            blocks.map(({ address }) => address + first * 4),
          );
        }
        return blocks.map((block) => new Int32Array(block.read().buffer));
      };
      const whole = after([0, n]);
      for (let cut = 0; cut <= n; cut += 4) {
        expect(after([0, cut], [cut, n - cut]), `cut at ${cut}`).toEqual(whole);
        expect(after([cut, n - cut], [0, cut]), `cut at ${cut}, the end first`).toEqual(whole);
      }
    };

    it('sgd', () => {
      check(combine({ n: sizes, settings: sgdSettings }), ({ n, settings }, memory) => {
        const { scale, rate, momentum, nesterov, decay } = settings;
        expectSameBytes(n, memory, [parameters(n), velocity(n)], (floats, [p, v, g]) =>
          kernels.sgd(floats, p, g, v, scale, rate, momentum, nesterov, decay),
        );
      });
    });

    it('adam', () => {
      check(combine({ n: sizes, settings: adamSettings }), ({ n, settings }, memory) => {
        expectSameBytes(n, memory, adamStart(n, settings), (floats, addresses) => {
          const [p, m, v, top] = addresses;
          const g = addresses[addresses.length - 1];
          kernels.adam(floats, p, g, m, v, settings.amsgrad ? top : 0, ...adamNumbers(settings));
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
          const { scale, rate, momentum, nesterov, decay } = settings;
          const idsAt = memory.input(Int32Array.from(ids));
          expectSteps({
            memory,
            start: [parameters(ROWS * dim), velocity(ROWS * dim)],
            places: places(ids, dim),
            rule: sgdRule(settings),
            step: ([p, v], g) =>
              kernels.sgd_rows(ids.length, dim, idsAt, p, g, v, scale, rate, momentum, nesterov, decay),
          });
        },
      );
    });

    it('adam_rows changes those alone', () => {
      check(
        combine({ table: tables, settings: adamSettings }),
        ({ table: { dim, ids }, settings }, memory) => {
          const idsAt = memory.input(Int32Array.from(ids));
          expectSteps({
            memory,
            start: adamStart(ROWS * dim, settings),
            places: places(ids, dim),
            rule: adamRule(settings),
            step: ([p, m, v, top = 0], g) =>
              kernels.adam_rows(ids.length, dim, idsAt, p, g, m, v, top, ...adamNumbers(settings)),
          });
        },
      );
    });
  });
});
