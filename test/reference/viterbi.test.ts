/** The best path against the enumeration of all; whole numbers make scores exact, and ties frequent. */
import { expect, it } from 'vitest';
import { combine, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose } from '../support/close.js';
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
import { ragged } from '../support/ragged.js';

const cases: CrfCase[] = combine({
  shape: crfShapes,
  mask: ['none', 'random'] as const,
  size: [1, 4, 60],
  whole: [true, false],
}).map(({ shape, ...rest }) => ({ ...shape, ...rest }));

eachBuild(({ kernels, check }) => {
  function viterbi({ k, batch, e, start, transitions, stop }: CrfProblem, memory: GuardedMemory): Int32Array {
    const width = Math.ceil(k / 8) * 8;
    const work = batch.tokens * width;
    const [delta, back] = [unset(work), new Int32Array(work).fill(-1)].map((array) => memory.output(array));
    const packed = memory.output(unset(k * width));
    kernels.pack(k, k, memory.input(transitions), k, packed.address);
    const tags = memory.output(new Int32Array(batch.tokens).fill(-1));
    const [eAt, startAt, stopAt] = [e, start, stop].map((array) => memory.input(array));
    const steps = memory.input(batch.steps);
    kernels.viterbi(
      batch.length,
      steps,
      k,
      eAt,
      startAt,
      packed.address,
      stopAt,
      delta.address,
      back.address,
      tags.address,
    );
    return tags.read();
  }

  it('finds the best path, and of equally good ones that of the smaller tags from the end on', () => {
    check(cases, (one, memory) => {
      const problem = makeCrf(one);
      const tags = viterbi(problem, memory);
      for (const [b, { best }] of enumerateAll(problem).entries()) {
        expectClose(
          problem.batch.rows(b).map((row) => tags[row]),
          best,
          exact,
          `sentence ${b}, tag`,
        );
      }
    });
  });

  it('finds the best path under the rules of BIOES', () => {
    check(combine({ shape: bioesShapes, size: [1, 60] }), ({ shape, size }, memory) => {
      const problem = makeCrf({ ...shape, mask: 'bioes', size });
      const tags = viterbi(problem, memory);
      for (const [b, { best }] of enumerateAll(problem).entries()) {
        expectClose(
          problem.batch.rows(b).map((row) => tags[row]),
          best,
          exact,
          `sentence ${b}, tag`,
        );
      }
    });
  });

  it('never takes a forbidden transition, however large the emissions', () => {
    check([60, 1000], (size, memory) => {
      const problem = makeCrf({ k: 5, lengths: [6, 4, 1], mask: 'random', size });
      const tags = viterbi(problem, memory);
      problem.batch.lengths.forEach((_, b) => {
        const path = problem.batch.rows(b).map((row) => tags[row]);
        expect(problem.start[path[0]]).toBeGreaterThan(FORBIDDEN);
        expect(problem.stop[path[path.length - 1]]).toBeGreaterThan(FORBIDDEN);
        for (let t = 1; t < path.length; t++) {
          expect(problem.transitions[path[t - 1] * problem.k + path[t]]).toBeGreaterThan(FORBIDDEN);
        }
      });
    });
  });

  it('takes tag 0 everywhere when all paths are equally good', () => {
    check([1, 3, 4, 5, 9], (k, memory) => {
      const batch = ragged([4, 2, 1]);
      const zeros = (n: number) => new Float32Array(n);
      const problem = {
        k,
        batch,
        e: zeros(batch.tokens * k),
        start: zeros(k),
        transitions: zeros(k * k),
        stop: zeros(k),
      };
      expect(viterbi(problem, memory)).toEqual(new Int32Array(batch.tokens));
    });
  });
});
