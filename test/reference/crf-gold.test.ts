import { it } from 'vitest';
import { combine, numbers, seeded } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose } from '../support/close.js';
import { pathScore } from '../support/crf.js';
import { type CrfCase, crfShapes, makeCrf } from '../support/crf-problem.js';

const cases: CrfCase[] = combine({ shape: crfShapes, mask: ['none', 'random'] as const, size: [1, 60] }).map(
  ({ shape, ...rest }) => ({ ...shape, ...rest }),
);

eachBuild(({ kernels, check }) => {
  it('crf_gold is the score of the gold path, and takes its counts from the gradients', () => {
    check(cases, (one, memory) => {
      const { k, batch, e, start, transitions, stop } = makeCrf(one);
      const random = seeded(k);
      const tags = Int32Array.from({ length: batch.tokens }, () => random.below(k));
      const gradients = [e, start, transitions, stop].map((scores) => numbers(scores.length, random));
      const blocks = gradients.map((gradient) => memory.output(gradient));
      const gold = memory.output(new Float64Array(batch.lengths.length).fill(Number.NaN));
      const scores = [tags, e, start, transitions, stop].map((array) => memory.input(array));
      const [tagsAt, eAt, startAt, transitionsAt, stopAt] = scores;
      const [dE, dStart, dTransitions, dStop] = gradients;
      const [dEAt, dStartAt, dTransitionsAt, dStopAt] = blocks.map((block) => block.address);
      kernels.crf_gold(
        batch.length,
        memory.input(batch.steps),
        k,
        tagsAt,
        eAt,
        startAt,
        transitionsAt,
        stopAt,
        dEAt,
        dStartAt,
        dTransitionsAt,
        dStopAt,
        gold.address,
      );
      const expected = batch.lengths.map((_, b) => {
        const rows = batch.rows(b);
        const path = rows.map((row) => tags[row]);
        dStart[path[0]]--;
        dStop[path[path.length - 1]]--;
        rows.forEach((row, t) => {
          dE[row * k + tags[row]]--;
          if (t > 0) dTransitions[path[t - 1] * k + path[t]]--;
        });
        return pathScore(
          { k, start, transitions, stop },
          rows.map((row) => e.subarray(row * k)),
          path,
        );
      });
      expectClose(gold.read(), expected, { reason: 'sums in f64', relative: 1e-12, absolute: 1e-12 }, 'gold');
      blocks.forEach((block, i) => {
        expectClose(block.read(), gradients[i], exact, `gradient ${i},`);
      });
    });
  });
});
