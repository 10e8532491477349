/** Partition function, posteriors and expected counts against the enumeration of all paths. */
import { expect, it } from 'vitest';
import { combine, numbers, range, seeded, sizes, unset, wholeNumbers } from '../support/arrays.js';
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
/** Width of the arrays of doubles. */
const padded = (k: number) => Math.ceil(k / 4) * 4;
const wide = (n: number) => new Float64Array(n).fill(Number.NaN);

/** exp of scores [rows × K] as doubles [rows × P], zeros past K. */
function exponentials(scores: Float32Array, k: number): Float64Array {
  const rows = scores.length / k;
  const out = new Float64Array(rows * padded(k));
  scores.forEach((score, i) => {
    out[Math.floor(i / k) * padded(k) + (i % k)] = Math.exp(score);
  });
  return out;
}

/** Parts of the recursions, which the library does not call by themselves. */
interface Products {
  pack64(k: number, n: number, b: number, bRow: number, packed: number): void;
  matmul64(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aCol: number,
    packed: number,
    c: number,
    cRow: number,
  ): void;
}

eachBuild(({ kernels, check }) => {
  const products = kernels as unknown as Products;

  /** Runs the kernels as a decoder does; `counted` is what the counts hold before. */
  function infer({ k, batch, e, start, transitions, stop }: CrfProblem, memory: GuardedMemory, counted = 0) {
    const { tokens, length, lengths } = batch;
    const p = padded(k);
    const [pairs, turned] = [1, 2].map(() => memory.output(new Float64Array(p * p)));
    kernels.crf_weights(k, memory.input(transitions), pairs.address, turned.address);
    // From here on they are read alone.
    const [ahead, back] = [pairs, turned].map((block) => memory.input(block.read()));
    const [first, last] = [start, stop].map((scores) => memory.input(exponentials(scores, k)));
    const steps = memory.input(batch.steps);
    const [E, alpha, w] = [1, 2, 3].map(() => memory.output(wide(tokens * p)));
    const [scale, z] = [tokens, lengths.length].map((n) => memory.output(wide(n)));
    const [beta, before, sums] = [lengths.length * p, tokens * p, (p + tokens) * p].map((n) =>
      memory.output(wide(n)),
    );
    const [shift, posteriors] = [tokens, tokens * k].map((n) => memory.output(unset(n)));
    const counts = memory.output(new Float32Array(k * k).fill(counted));
    kernels.exp_rows_wide(tokens, k, memory.input(e), E.address, shift.address);
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
      beta.address,
      posteriors.address,
      w.address,
    );
    kernels.crf_counts(
      length,
      steps,
      k,
      ahead,
      alpha.address,
      w.address,
      before.address,
      sums.address,
      counts.address,
    );
    const shifts = shift.read();
    const [scales, ends, alphas] = [scale, z, alpha].map((block) => block.read());
    const logPartition = lengths.map((_, b) =>
      batch.rows(b).reduce((sum, row) => sum + Math.log(scales[row]) + shifts[row], Math.log(ends[b])),
    );
    return { logPartition, counts: counts.read(), posteriors: posteriors.read(), alphas };
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
    for (const [b, { posteriors: rows }] of expected.entries()) {
      batch.rows(b).forEach((row, t) => {
        const found = posteriors.subarray(row * k, (row + 1) * k);
        expectClose(found, rows[t], roundings(32 * batch.length), `sentence ${b}, posterior at token ${t},`);
        expectClose(
          [alphas.subarray(row * padded(k), (row + 1) * padded(k)).reduce((x, y) => x + y)],
          [1],
          { reason: 'a sum in f64', absolute: 1e-14 * k },
          'the sum of alpha',
        );
      });
    }
    const sum = Float64Array.from(counts, (_, ij) => expected.reduce((all, one) => all + one.counts[ij], 0));
    expectClose(counts, sum, roundings(64 * batch.length), 'expected count');
  }

  it('log Z, posteriors and expected counts equal the enumeration of all paths', () => {
    check(cases, expectEnumerated);
  });

  it('crf_counts adds to what is there', () => {
    check([{ k: 5, lengths: [4, 3, 1], mask: 'none' as const, size: 1 }], (one, memory) => {
      const counts = infer(makeCrf(one), memory).counts.map((count) => count + 3);
      expectClose(infer(makeCrf(one), memory, 3).counts, counts, roundings(2, 4), 'expected count');
    });
  });

  it.each([20, 60, 100, 150])('emissions of ±%i stay finite and right, whatever is forbidden', (size) => {
    const masked = [
      ...combine({ shape: crfShapes, mask: ['none', 'random'] as const }),
      ...combine({ shape: bioesShapes, mask: ['bioes'] as const }),
    ];
    check(
      masked.map(({ shape, mask }) => ({ ...shape, mask, size })),
      expectEnumerated,
    );
  });

  it('a forbidden tag whose emission is far ahead leaves the others their probability', () => {
    check([10, 40, 60, 100, 300], (size, memory) => {
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

  it('crf_weights are exponentials in panels of four columns, as they are and transposed', () => {
    check(combine({ k: sizes.filter((k) => k > 0), size: [1, 30, 300] }), ({ k, size }, memory) => {
      const p = padded(k);
      const scores = numbers(k * k, seeded(k), size).map((score, i) => (i % 3 === 1 ? FORBIDDEN : score));
      const [out, transposed] = [1, 2].map(() => memory.output(new Float64Array(p * p)));
      kernels.crf_weights(k, memory.input(scores), out.address, transposed.address);
      const expected = [1, 2].map(() => new Float64Array(p * p));
      scores.forEach((score, at) => {
        const [i, j] = [Math.floor(at / k), at % k];
        const place = (row: number, column: number) => (Math.floor(column / 4) * p + row) * 4 + (column % 4);
        expected[0][place(i, j)] = Math.exp(score);
        expected[1][place(j, i)] = Math.exp(score);
      });
      [out, transposed].forEach((block, i) => {
        expectClose(block.read(), expected[i], relativeRoundings(4 + size / 20));
      });
    });
  });

  it('pack64 and matmul64 are a product in doubles, at any strides', () => {
    const shapes = combine({ m: range(0, 9), n: [4, 8, 12], k: [0, 1, 2, 5], turned: [false, true] });
    check(shapes, ({ m, n, k, turned }, memory) => {
      const random = seeded(m, n, k);
      const whole = (count: number) => Float64Array.from(wholeNumbers(count, random));
      const [aRow, aCol] = turned ? [1, m + 2] : [k + 3, 1];
      const [a, b] = [whole((m + 2) * (k + 3)), whole(k * (n + 1))];
      const packed = memory.output(wide(k * n));
      products.pack64(k, n, memory.input(b), n + 1, packed.address);
      const c = memory.output(wide(m * (n + 2)));
      products.matmul64(m, n, k, memory.input(a), aRow, aCol, packed.address, c.address, n + 2);
      const expected = wide(m * (n + 2)).map((gap, at) => {
        const [i, j] = [Math.floor(at / (n + 2)), at % (n + 2)];
        if (j >= n) return gap;
        return range(0, k - 1).reduce((sum, l) => sum + a[i * aRow + l * aCol] * b[l * (n + 1) + j], 0);
      });
      expectClose(c.read(), expected, exact);
    });
  });

  it('exp_rows_wide divides every row by the exponential of its largest number, and fills it up with zeros', () => {
    check(
      combine({ n: [0, 1, 3], k: sizes.filter((k) => k > 0), size: [1, 100, 340, 1000] }),
      ({ n, k, size }, memory) => {
        const e = numbers(n * k, seeded(n, k), size);
        const [out, shift] = [memory.output(wide(n * padded(k))), memory.output(unset(n))];
        kernels.exp_rows_wide(n, k, memory.input(e), out.address, shift.address);
        const top = Array.from({ length: n }, (_, i) => Math.max(...e.subarray(i * k, (i + 1) * k)));
        expectClose(shift.read(), top, exact, 'shift');
        const expected = new Float64Array(n * padded(k));
        e.forEach((value, i) => {
          const row = Math.floor(i / k);
          const below = Math.fround(value - top[row]);
          // Below e^−700 the result is 0.
          expected[row * padded(k) + (i % k)] = below < -700 ? 0 : Math.exp(below);
        });
        // Cody and Waite's reduction leaves an error in proportion to how far it went.
        expectClose(out.read(), expected, relativeRoundings(4 + size / 20));
      },
    );
  });
});
