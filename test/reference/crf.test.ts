/** Partition function, posteriors and expected counts against the enumeration of all paths. */
import { expect, it } from 'vitest';
import { combine, numbers, seeded, sizes, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, relativeRoundings, roundings } from '../support/close.js';
import { FORBIDDEN } from '../support/crf.js';
import {
  bioesShapes,
  type CrfCase,
  type CrfProblem,
  crfShapes,
  enumerateAll,
  makeCrf,
} from '../support/crf-problem.js';
import type { GuardedMemory } from '../support/memory.js';

const cases: CrfCase[] = combine({ shape: crfShapes, mask: ['none', 'random'] as const, size: [1, 4] }).map(
  ({ shape, ...rest }) => ({ ...shape, ...rest }),
);
const exponentials = (scores: Float32Array) => scores.map(Math.exp);

eachBuild(({ kernels, check }) => {
  function packed(
    memory: GuardedMemory,
    matrix: Float32Array,
    k: number,
    kernel: 'pack' | 'pack_transposed',
  ): number {
    const block = memory.output(unset(Math.ceil(k / 8) * 8 * k));
    kernels[kernel](k, k, memory.input(matrix), k, block.address);
    return block.address;
  }

  /** Runs the kernels as a decoder does. */
  function infer({ k, batch, e, start, transitions, stop }: CrfProblem, memory: GuardedMemory) {
    const { tokens, length, lengths } = batch;
    const [E, alpha, posteriors, w] = [1, 2, 3, 4].map(() => memory.output(unset(tokens * k)));
    const [shift, scale, z] = [tokens, tokens, lengths.length].map((n) => memory.output(unset(n)));
    const steps = memory.input(batch.steps);
    const pairs = exponentials(transitions);
    const [first, last] = [start, stop].map((scores) => memory.input(exponentials(scores)));
    const ahead = packed(memory, pairs, k, 'pack');
    const back = packed(memory, pairs, k, 'pack_transposed');
    kernels.exp_rows(tokens, k, memory.input(e), E.address, shift.address);
    kernels.crf_forward(
      length,
      steps,
      k,
      first,
      ahead,
      last,
      E.address,
      alpha.address,
      scale.address,
      z.address,
    );
    kernels.crf_backward(
      length,
      steps,
      k,
      back,
      last,
      E.address,
      alpha.address,
      scale.address,
      z.address,
      posteriors.address,
      w.address,
    );
    const [shifts, scales, ends, alphas, weights] = [shift, scale, z, alpha, w].map((block) => block.read());
    const logPartition = lengths.map((_, b) =>
      batch.rows(b).reduce((sum, row) => sum + Math.log(scales[row]) + shifts[row], Math.log(ends[b])),
    );
    const counts = lengths.map((_, b) => {
      const rows = batch.rows(b);
      return Float64Array.from(pairs, (pair, ij) => {
        const [i, j] = [Math.floor(ij / k), ij % k];
        const products = rows.slice(1).map((row, t) => alphas[rows[t] * k + i] * weights[row * k + j]);
        return pair * products.reduce((sum, product) => sum + product, 0);
      });
    });
    return { logPartition, counts, posteriors: posteriors.read(), alphas };
  }

  function expectEnumerated(one: CrfCase, memory: GuardedMemory): void {
    const problem = makeCrf(one);
    const { k, batch } = problem;
    const { logPartition, counts, posteriors, alphas } = infer(problem, memory);
    const expected = enumerateAll(problem);
    // log Z sums a logarithm and a shift a token.
    const partitionTolerance = roundings(16 * batch.length, Math.max(1, one.size));
    expectClose(
      logPartition,
      expected.map((all) => all.logPartition),
      partitionTolerance,
      'log Z',
    );
    for (const [b, { posteriors: rows, counts: pairs }] of expected.entries()) {
      batch.rows(b).forEach((row, t) => {
        const found = posteriors.subarray(row * k, (row + 1) * k);
        expectClose(found, rows[t], roundings(32 * batch.length), `sentence ${b}, posterior at token ${t},`);
        expectClose(
          [alphas.subarray(row * k, (row + 1) * k).reduce((x, y) => x + y, 0)],
          [1],
          roundings(k + 2),
        );
      });
      expectClose(counts[b], pairs, roundings(64 * batch.length), `sentence ${b}, expected count`);
    }
  }

  it('log Z, posteriors and expected counts equal the enumeration of all paths', () => {
    check(cases, expectEnumerated);
  });

  it('emissions of ±60 stay finite and right', () => {
    check(
      crfShapes.map((shape) => ({ ...shape, mask: 'none' as const, size: 60 })),
      expectEnumerated,
    );
  });

  it('emissions of ±20 stay finite and right under the rules of BIOES', () => {
    check(
      bioesShapes.map((shape) => ({ ...shape, mask: 'bioes' as const, size: 20 })),
      expectEnumerated,
    );
  });

  it('emissions of ±60 stay finite and right under the rules of BIOES', () => {
    check(
      bioesShapes.map((shape) => ({ ...shape, mask: 'bioes' as const, size: 60 })),
      expectEnumerated,
    );
  });

  it('emissions of ±60 stay finite and right where transitions are forbidden', () => {
    check(
      crfShapes.map((shape) => ({ ...shape, mask: 'random' as const, size: 60 })),
      expectEnumerated,
    );
  });

  it('a forbidden tag whose emission is far ahead leaves the others their probability', () => {
    check([10, 40, 60, 100], (size, memory) => {
      const problem = makeCrf({ k: 3, lengths: [2, 1], mask: 'none' as const, size: 1 });
      // Tag 2 may not start, yet its first emission is the largest by twice the size.
      problem.start[2] = FORBIDDEN;
      for (const row of [0, 1]) problem.e.set([-size, -size, size], row * 3);
      const { logPartition, posteriors } = infer(problem, memory);
      const expected = enumerateAll(problem);
      expectClose(
        logPartition,
        expected.map((all) => all.logPartition),
        roundings(64, size),
        'log Z',
      );
      expectClose(posteriors.subarray(0, 3), expected[0].posteriors[0], roundings(64), 'posterior');
    });
  });

  it('an empty batch touches nothing', () => {
    check([3], (k, memory) => {
      const { posteriors } = infer(makeCrf({ k, lengths: [], mask: 'none' as const, size: 1 }), memory);
      expect(posteriors).toHaveLength(0);
    });
  });

  it('exp_rows divides every row by the exponential of its largest number', () => {
    check(
      combine({ n: [0, 1, 3], k: sizes.filter((k) => k > 0), size: [1, 100] }),
      ({ n, k, size }, memory) => {
        const e = numbers(n * k, seeded(n, k), size);
        const [out, shift] = [memory.output(unset(n * k)), memory.output(unset(n))];
        kernels.exp_rows(n, k, memory.input(e), out.address, shift.address);
        const top = Array.from({ length: n }, (_, i) => Math.max(...e.subarray(i * k, (i + 1) * k)));
        expectClose(shift.read(), top, exact, 'shift');
        // Below e^−87 the result is 0.
        const expected = e.map((value, i) => {
          const below = Math.fround(value - top[Math.floor(i / k)]);
          return below < -87 ? 0 : Math.exp(below);
        });
        expectClose(out.read(), expected, relativeRoundings(4));
      },
    );
  });
});
