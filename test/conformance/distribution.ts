/** What the distribution of every decoder must be: that of its definition, by the enumeration of all paths in f64. */
import { describe, expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import type { Constraints, Decoder, Distribution } from '../../src/decoders/index.js';
import { numbers, range, seed, seeded } from '../support/arrays.js';
import { expectClose, type Tolerance } from '../support/close.js';
import { type Chain, pathScore, paths } from '../support/crf.js';
import { allows, bioesTags, cases, maskedChain } from '../support/decoder-cases.js';
import { pick, place, readTags, tokensOf } from '../support/rows.js';
import { sentencesOf, Workbench } from '../support/workbench.js';

type Create = (input: number, k: number, constraints: Constraints, params: Params) => Decoder;

interface Definition {
  readonly scores?: (values: (name: string) => Float32Array) => Omit<Chain, 'k'>;
}

interface WeightedPath {
  readonly path: readonly number[];
  readonly probability: number;
}

/** Sums of logarithms and products in f64, of scores of a few hundred. */
const inDoubles: Tolerance = { reason: 'recursions in f64', relative: 1e-10, absolute: 1e-300 };

/** Two paths may change places whose scores, of up to 500, are the same but for a few roundings. */
const inFloats: Tolerance = { reason: 'ranked by sums of floats', relative: 1e-3, absolute: 1e-300 };

/** A decoder whose emissions are x itself, to the bit, and the distribution of its sentences. */
class Trial {
  readonly sentences: readonly Int32Array[];
  readonly k: number;
  readonly x: Float32Array;
  readonly chain: Chain;
  private readonly constraints: Constraints;
  private readonly bench = new Workbench();
  private readonly decoder: Decoder;

  constructor(
    create: Create,
    definition: Definition,
    [k, constraints]: readonly [number, Constraints],
    size: number,
    lengths?: readonly number[],
    limit = 2,
  ) {
    [this.k, this.constraints] = [k, constraints];
    this.sentences = sentencesOf(lengths);
    this.decoder = create(k, k, constraints, this.bench.params);
    this.bench.fill(limit);
    const values = (name: string) => this.bench.values(`decoder.${name}`);
    values('emission.bias').fill(0);
    values('emission.weight').set(range(0, k * k - 1).map((i) => (i % (k + 1) === 0 ? 1 : 0)));
    this.x = numbers(this.sentences.reduce((sum, { length }) => sum + length, 0) * k, seeded(k), size);
    this.chain = maskedChain(k, constraints, definition.scores?.(values));
  }

  distribution(chosen = [...this.sentences.keys()]): Distribution {
    const { run, x } = this.begin(chosen);
    return this.decoder.distribution(x, run);
  }

  decode(): number[][] {
    const { run, x } = this.begin([...this.sentences.keys()]);
    const tags = readTags(run, this.decoder.decode(x, run));
    return this.sentences.map(({ length }) => tags.splice(0, length));
  }

  /** All allowed paths of a sentence, by falling probability; of equal ones, that with the smaller last tags first. */
  enumerate(s: number): WeightedPath[] {
    const e = tokensOf(this.sentences, s).map((i) => this.x.subarray(i * this.k, (i + 1) * this.k));
    const all = Array.from(paths(this.k, e.length), (path) => [...path]);
    const scored = all
      .filter((path) => allows(this.constraints, path))
      .map((path) => ({ path, score: pathScore(this.chain, e, path) }))
      .sort((a, b) => b.score - a.score);
    const weights = scored.map(({ score }) => Math.exp(score - scored[0].score));
    const total = weights.reduceRight((sum, weight) => sum + weight, 0);
    return scored.map(({ path }, i) => ({ path, probability: weights[i] / total }));
  }

  private begin(chosen: readonly number[]) {
    const run = this.bench.start(chosen.map((s) => this.sentences[s]));
    const tokens = chosen.flatMap((s) => tokensOf(this.sentences, s));
    return { run, x: place(run, this.k, pick(this.x, this.k, tokens)) };
  }
}

const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

export function distributionConformance(name: string, create: Create, definition: Definition): void {
  describe.each(Object.entries(cases))(`the distribution of ${name} over %s (seed ${seed})`, (_, one) => {
    const trial = (size: number, lengths?: readonly number[]) =>
      new Trial(create, definition, one, size, lengths);
    const sizes = [1, 8, 150];

    it('has the posteriors of the enumeration, which sum to 1', () => {
      for (const size of sizes) {
        const made = trial(size);
        const distribution = made.distribution();
        made.sentences.forEach(({ length }, s) => {
          const all = made.enumerate(s);
          for (let t = 0; t < length; t++) {
            const expected = new Float64Array(made.k);
            for (const { path, probability } of all) expected[path[t]] += probability;
            const found = distribution.posteriors(s, t);
            expectClose(found, expected, inDoubles, `size ${size}, sentence ${s}, token ${t}, posterior`);
            expect(sumOf(found)).toBeCloseTo(1, 12);
          }
        });
      }
    });

    it('has the probability of every run of tags, whatever the others are', () => {
      const random = seeded(7);
      for (const size of sizes) {
        const made = trial(size);
        const distribution = made.distribution();
        made.sentences.forEach(({ length }, s) => {
          const all = made.enumerate(s);
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
                expectClose([found], [expected], inDoubles, `size ${size}: P(${tags} from ${first})`);
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
        made.sentences.forEach((_, s) => {
          const all = made.enumerate(s);
          const known = new Map(all.map(({ path, probability }) => [path.join(), probability]));
          for (const n of [1, 2, 7, all.length, all.length + 5]) {
            const found = distribution.nBest(s, n);
            expect([...found[0].tags]).toEqual(decoded[s]);
            expect([...distribution.bestTags(s)]).toEqual(decoded[s]);
            const probabilities = found.map(({ probability }) => probability);
            const own = found.map(
              ({ tags }) => known.get(tags.join()) ?? expect.fail(`${tags} is forbidden`),
            );
            expectClose(probabilities, own, inDoubles, `size ${size}, sentence ${s}: probability`);
            expect(new Set(found.map(({ tags }) => tags.join())).size).toBe(Math.min(n, all.length));
            const best = all.slice(0, n).map(({ probability }) => probability);
            expectClose(probabilities, best, inFloats, `size ${size}, sentence ${s}: by rank, probability`);
          }
          expect(sumOf(distribution.nBest(s, 1e6).map(({ probability }) => probability))).toBeCloseTo(1, 12);
        });
      }
    });

    it('orders equally good sequences by their last tags', () => {
      const made = new Trial(create, definition, one, 0, [3, 2, 1], 0);
      const distribution = made.distribution();
      made.sentences.forEach((_, s) => {
        const all = made.enumerate(s).map(({ path }) => path);
        expect(distribution.nBest(s, all.length).map(({ tags }) => [...tags])).toEqual(all);
      });
    });

    it('is the same for a sentence alone and in a batch', () => {
      const made = trial(4);
      const show = (distribution: Distribution, s: number, length: number) =>
        range(0, length - 1).map((t) => [...distribution.posteriors(s, t)]);
      const all = made.sentences.map(({ length }, s) => show(made.distribution(), s, length));
      made.sentences.forEach(({ length }, s) => {
        expect(show(made.distribution([s]), 0, length)).toEqual(all[s]);
      });
    });

    it('neither under- nor overflows in a long sentence', () => {
      const made = trial(30, [3000]);
      const distribution = made.distribution();
      for (const t of [0, 1499, 2999]) expect(sumOf(distribution.posteriors(0, t))).toBeCloseTo(1, 10);
      const best = distribution.bestTags(0);
      const whole = distribution.probability(0, 0, best);
      expect(whole).toBeGreaterThanOrEqual(0);
      expect(whole).toBeLessThanOrEqual(distribution.probability(0, 1000, best.subarray(1000, 2000)));
      // P(a, b, c) · P(b) = P(a, b) · P(b, c) in a chain.
      const p = (first: number, end: number) => distribution.probability(0, first, best.subarray(first, end));
      expectClose([p(10, 50) * p(20, 21)], [p(10, 21) * p(20, 50)], inDoubles);
    });
  });

  it.each(['X', 'XY'])(
    `${name}: the spans that cover a token and O have probability 1 together, labels %s`,
    (labels) => {
      const names = bioesTags(labels);
      const made = new Trial(
        create,
        definition,
        cases[`BIOES of ${labels === 'X' ? 'one label' : 'two labels'}`],
        5,
        [9, 1, 4, 12],
      );
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

  it(`${name}: says so where scores are too far apart, and gives no number`, () => {
    const made = new Trial(create, definition, cases['four tags that go everywhere'], 1, [2]);
    made.x.fill(Number.NaN);
    expect(() => made.distribution().probability(0, 0, [0])).toThrow(
      expect.objectContaining({ code: 'E_MODEL' }),
    );
  });
}
