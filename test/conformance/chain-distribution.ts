/** What the distribution of a chain must be besides: exact in doubles, and for sentences of any length. */
import { describe, expect, it } from 'vitest';
import { range, seed } from '../support/arrays.js';
import { expectClose, type Tolerance } from '../support/close.js';
import { cases } from '../support/decoder-cases.js';
import { weighted } from '../support/decoder-definition.js';
import { type DistributionCase, distributionConformance, distributionTrial, sumOf } from './distribution.js';

/** Sums of logarithms and products in f64, of scores of a few hundred. */
const inDoubles: Tolerance = { reason: 'recursions in f64', relative: 1e-10, absolute: 1e-300 };

export function chainDistributionConformance(
  given: Pick<DistributionCase, 'name' | 'create' | 'definition'>,
): void {
  const suite: DistributionCase = {
    ...given,
    tolerance: inDoubles,
    sizes: [1, 8, 150],
    // The emissions are x itself, to the bit.
    prepare: ({ k, values }) => {
      values('emission.bias').fill(0);
      values('emission.weight').set(range(0, k * k - 1).map((i) => (i % (k + 1) === 0 ? 1 : 0)));
    },
  };
  distributionConformance(suite);

  const { name, definition } = suite;
  describe.each(Object.entries(cases))(
    `the distribution of ${name}, a chain, over %s (seed ${seed})`,
    (_, one) => {
      it('orders equally good sequences by their last tags', () => {
        const made = distributionTrial(suite, one, 0, [3, 2, 1], 0);
        const distribution = made.distribution();
        made.defined(definition).forEach((sentence, s) => {
          const all = weighted(made.k, made.sentences[s].length, sentence).map(({ path }) => path);
          expect(distribution.nBest(s, all.length).map(({ tags }) => [...tags])).toEqual(all);
        });
      });

      it('neither under- nor overflows in a long sentence', () => {
        const distribution = distributionTrial(suite, one, 30, [3000]).distribution();
        for (const t of [0, 1499, 2999]) expect(sumOf(distribution.posteriors(0, t))).toBeCloseTo(1, 10);
        const best = distribution.bestTags(0);
        const whole = distribution.probability(0, 0, best);
        expect(whole).toBeGreaterThanOrEqual(0);
        expect(whole).toBeLessThanOrEqual(distribution.probability(0, 1000, best.subarray(1000, 2000)));
        // P(a, b, c) · P(b) = P(a, b) · P(b, c) in a chain.
        const p = (first: number, end: number) =>
          distribution.probability(0, first, best.subarray(first, end));
        expectClose([p(10, 50) * p(20, 21)], [p(10, 21) * p(20, 50)], inDoubles);
      });
    },
  );
}
