/** What the distribution of every decoder must be: that of its definition, by the enumeration of all paths in f64. */
import { describe, expect, it } from 'vitest';
import { range, seed, seeded } from '../support/arrays.js';
import { expectClose, type Tolerance } from '../support/close.js';
import { bioesTags, cases } from '../support/decoder-cases.js';
import { type DecoderDefinition, type WeightedPath, weighted } from '../support/decoder-definition.js';
import { type CreateDecoder, DecoderTrial } from '../support/decoder-trial.js';

export interface DistributionCase {
  readonly name: string;
  /** With options that let it see all paths of a short sentence. */
  readonly create: CreateDecoder;
  readonly definition: DecoderDefinition;
  /** Of probabilities. */
  readonly tolerance: Tolerance;
  /** Sets parameters so that they round nothing that the definition does not. */
  readonly prepare?: (trial: DecoderTrial) => void;
  /** Largest x. */
  readonly sizes: readonly number[];
}

/** Two paths may change places whose scores, of up to 500, are the same but for a few roundings. */
const inFloats: Tolerance = { reason: 'ranked by sums of floats', relative: 1e-3, absolute: 1e-300 };

export const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

export function distributionTrial(
  { create, prepare }: DistributionCase,
  one: (typeof cases)[string],
  size: number,
  lengths?: readonly number[],
  limit = 2,
): DecoderTrial {
  const made = new DecoderTrial(create, one, { input: one[0], size, lengths, limit });
  prepare?.(made);
  return made;
}

export function distributionConformance(suite: DistributionCase): void {
  const { name, definition, tolerance, sizes } = suite;

  describe.each(Object.entries(cases))(`the distribution of ${name} over %s (seed ${seed})`, (_, one) => {
    const trial = (size: number) => distributionTrial(suite, one, size);
    const enumerated = (made: DecoderTrial): WeightedPath[][] =>
      made.defined(definition).map((sentence, s) => weighted(made.k, made.sentences[s].length, sentence));

    it('has the posteriors of the enumeration, which sum to 1', () => {
      for (const size of sizes) {
        const made = trial(size);
        const distribution = made.distribution();
        enumerated(made).forEach((all, s) => {
          made.sentences[s].forEach((_, t) => {
            const expected = new Float64Array(made.k);
            for (const { path, probability } of all) expected[path[t]] += probability;
            const found = distribution.posteriors(s, t);
            expectClose(found, expected, tolerance, `size ${size}, sentence ${s}, token ${t}, posterior`);
            expect(sumOf(found)).toBeCloseTo(1, 12);
          });
        });
      }
    });

    it('has the probability of every run of tags, whatever the others are', () => {
      const random = seeded(7);
      for (const size of sizes) {
        const made = trial(size);
        const distribution = made.distribution();
        enumerated(made).forEach((all, s) => {
          const { length } = made.sentences[s];
          for (let first = 0; first < length; first++) {
            for (let end = first + 1; end <= length; end++) {
              // One that occurs, and one that may be forbidden.
              const likely = all[random.below(all.length)].path.slice(first, end);
              const any = likely.map(() => random.below(made.k));
              for (const tags of [likely, any]) {
                const expected = sumOf(
                  all
                    .filter(({ path }) => tags.every((tag, i) => path[first + i] === tag))
                    .map(({ probability }) => probability),
                );
                const found = distribution.probability(s, first, tags);
                expectClose([found], [expected], tolerance, `size ${size}: P(${tags} from ${first})`);
              }
            }
          }
        });
      }
    });

    it('has the n best sequences of the enumeration, the first of them decoded', () => {
      for (const size of sizes) {
        const made = trial(size);
        const decoded = made.decode();
        const distribution = made.distribution();
        enumerated(made).forEach((all, s) => {
          const known = new Map(all.map(({ path, probability }) => [path.join(), probability]));
          for (const n of [1, 2, 7, all.length, all.length + 5]) {
            const found = distribution.nBest(s, n);
            expect([...found[0].tags]).toEqual(decoded[s]);
            expect([...distribution.bestTags(s)]).toEqual(decoded[s]);
            const probabilities = found.map(({ probability }) => probability);
            const own = found.map(
              ({ tags }) => known.get(tags.join()) ?? expect.fail(`${tags} is forbidden`),
            );
            expectClose(probabilities, own, tolerance, `size ${size}, sentence ${s}: probability`);
            expect(new Set(found.map(({ tags }) => tags.join())).size).toBe(Math.min(n, all.length));
            const best = all.slice(0, n).map(({ probability }) => probability);
            expectClose(probabilities, best, inFloats, `size ${size}, sentence ${s}: by rank, probability`);
          }
          const sum = sumOf(distribution.nBest(s, all.length + 1).map(({ probability }) => probability));
          expectClose([sum], [1], tolerance, `size ${size}, sentence ${s}: sum`);
        });
      }
    });

    it('is the same for a sentence alone and in a batch', () => {
      const made = trial(4);
      const show = (chosen: number[]) => {
        const distribution = made.distribution(chosen);
        return chosen.map((s, i) => ({
          posteriors: range(0, made.sentences[s].length - 1).map((t) => [...distribution.posteriors(i, t)]),
          nBest: distribution.nBest(i, 3),
        }));
      };
      const all = show(made.all);
      for (const s of made.all) expect(show([s])).toEqual([all[s]]);
    });
  });

  it.each(['X', 'XY'])(
    `${name}: the spans that cover a token and O have probability 1 together, labels %s`,
    (labels) => {
      const names = bioesTags(labels);
      const one = cases[`BIOES of ${labels === 'X' ? 'one label' : 'two labels'}`];
      const made = distributionTrial(suite, one, 5, [9, 1, 4, 12]);
      const distribution = made.distribution();
      made.sentences.forEach(({ length }, s) => {
        const covering = Float64Array.from({ length }, (_, t) =>
          distribution.probability(s, t, [names.indexOf('O')]),
        );
        for (let first = 0; first < length; first++) {
          for (let end = first + 1; end <= length; end++) {
            for (const label of labels) {
              const roles = end === first + 1 ? 'S' : `B${'I'.repeat(end - first - 2)}E`;
              const tags = Array.from(roles, (role) => names.indexOf(`${role}-${label}`));
              const posterior = distribution.probability(s, first, tags);
              for (let t = first; t < end; t++) covering[t] += posterior;
            }
          }
        }
        for (const sum of covering) expect(sum).toBeCloseTo(1, 12);
      });
    },
  );

  it(`${name}: says so where scores are too far apart or no numbers, and gives no number`, () => {
    const made = distributionTrial(suite, cases['four tags that go everywhere'], 1, [2]);
    made.x.fill(Number.NaN);
    expect(() => made.distribution().probability(0, 0, [0])).toThrow(
      expect.objectContaining({ code: 'E_MODEL' }),
    );
  });
}
