import { describe, expect, it } from 'vitest';
import {
  comparedSpans,
  evaluate,
  type SentenceCounts,
  type SentenceSpans,
  scoreInterval,
  sentenceCounts,
  significance,
} from '../../src/evaluation/index.js';
import { encodeSpans } from '../../src/text/schemes.js';
import { seed, seeded } from '../support/arrays.js';
import { countsOfSystems, systemsOf } from './systems.js';

/** One token a sentence, right or wrong. */
function ofTokens(...correct: number[]): SentenceCounts {
  const ones = Int32Array.from(correct, () => 1);
  return { gold: ones, predicted: ones, correct: Int32Array.from(correct) };
}

const many = 100_000;
/** Five standard deviations of a share of so many. */
const chance = 5 * Math.sqrt(0.25 / many);

describe('by hand: four tokens, of which one system has three right and the other one', () => {
  const found = significance(ofTokens(1, 1, 1, 0), ofTokens(0, 1, 0, 0), { resamples: many });

  it('the difference is that of the accuracies', () => {
    expect([found.first.value, found.second.value, found.difference.value]).toEqual([75, 25, 50]);
  });

  it('exchanges give 50, 0, 0 and −50, half of them as large', () => {
    expect(Math.abs(found.p.randomisation - 0.5)).toBeLessThan(chance);
  });

  it('a drawn set has k of 4 sentences that differ, k binomial: 2 of 16 are 50 points off, and 0 and 100 are within 95 %', () => {
    expect(Math.abs(found.p.bootstrap - 2 / 16)).toBeLessThan(chance);
    expect(found.difference).toMatchObject({ low: 0, high: 100 });
    expect(found.isDifferent).toBe(false);
  });
});

describe('a reference that tries every resample of five sentences', () => {
  const first: Counts[] = [
    [3, 2, 2],
    [1, 2, 1],
    [4, 4, 3],
    [2, 1, 1],
    [0, 1, 0],
  ];
  const second: Counts[] = [
    [3, 3, 1],
    [1, 1, 1],
    [4, 2, 1],
    [2, 2, 0],
    [0, 0, 0],
  ];
  const observed = f1(first) - f1(second);
  const drawn = tuples(5, 5).map((draw) => f1(draw.map((s) => first[s])) - f1(draw.map((s) => second[s])));
  const exchanged = tuples(5, 2).map((coins) => {
    const pick = (own: Counts[], other: Counts[]) => coins.map((coin, s) => (coin ? other : own)[s]);
    return f1(pick(first, second)) - f1(pick(second, first));
  });
  const found = significance(columnsOf(first), columnsOf(second), { resamples: many, seed });

  it('has every resample', () => {
    expect([drawn.length, exchanged.length]).toEqual([3125, 32]);
  });

  it('finds the same p of the paired bootstrap', () => {
    const expected = share(drawn, (value) => Math.abs(value - observed) >= Math.abs(observed) - 1e-9);
    expect(expected).toBeGreaterThan(0.02);
    expect(Math.abs(found.p.bootstrap - expected)).toBeLessThan(chance);
  });

  it('finds the same p of approximate randomisation', () => {
    const expected = share(exchanged, (value) => Math.abs(value) >= Math.abs(observed) - 1e-9);
    expect(expected).toBeGreaterThan(0.02);
    expect(Math.abs(found.p.randomisation - expected)).toBeLessThan(chance);
  });

  it('finds the same interval', () => {
    expect(found.difference.value).toBeCloseTo(observed, 9);
    for (const [limit, tail] of [
      [found.difference.low, 0.025],
      [found.difference.high, 0.975],
    ]) {
      expect(share(drawn, (value) => value < limit - 1e-9)).toBeLessThan(tail + chance);
      expect(share(drawn, (value) => value <= limit + 1e-9)).toBeGreaterThan(tail - chance);
    }
  });
});

type Counts = readonly [gold: number, predicted: number, correct: number];

/** From precision and recall, as it is taught. */
function f1(sentences: readonly Counts[]): number {
  const [gold, predicted, correct] = [0, 1, 2].map((i) =>
    sentences.reduce((sum, counts) => sum + counts[i], 0),
  );
  if (correct === 0) return 0;
  const [precision, recall] = [correct / predicted, correct / gold];
  return (100 * 2 * precision * recall) / (precision + recall);
}

/** All lists of `length` numbers below `base`. */
function tuples(length: number, base: number): number[][] {
  if (length === 0) return [[]];
  return tuples(length - 1, base).flatMap((tuple) => Array.from({ length: base }, (_, i) => [...tuple, i]));
}

const share = (values: readonly number[], isCounted: (value: number) => boolean): number =>
  values.filter(isCounted).length / values.length;

function columnsOf(sentences: readonly Counts[]): SentenceCounts {
  const column = (i: number) => Int32Array.from(sentences, (counts) => counts[i]);
  return { gold: column(0), predicted: column(1), correct: column(2) };
}

describe(`significance, seed ${seed}`, () => {
  const resamples = 1000;

  it('of two equal systems: no difference, an interval of nothing, p = 1', () => {
    const [system] = countsOfSystems(systemsOf(200, [0.3], seeded(1)).systems);
    const copy = { ...system, correct: system.correct.slice() };
    expect(significance(system, copy)).toMatchObject({
      difference: { value: 0, low: 0, high: 0 },
      p: { bootstrap: 1, randomisation: 1 },
      isDifferent: false,
      resamples: 10_000,
    });
  });

  it('finds a good system better than a poor one, with p as small as so many resamples can show', () => {
    const [good, poor] = countsOfSystems(systemsOf(300, [0.1, 0.6], seeded(2)).systems);
    const { difference, p, isDifferent } = significance(good, poor, { resamples });
    expect(difference.low).toBeGreaterThan(0);
    expect(difference.low).toBeLessThan(difference.value);
    expect(difference.high).toBeGreaterThan(difference.value);
    expect(p).toEqual({ bootstrap: 1 / 1001, randomisation: 1 / 1001 });
    expect(isDifferent).toBe(true);
  });

  it('changes only its sign when the systems change places', () => {
    const [a, b] = countsOfSystems(systemsOf(100, [0.3, 0.4], seeded(3)).systems);
    const [there, back] = [significance(a, b, { resamples }), significance(b, a, { resamples })];
    expect(back.p).toEqual(there.p);
    expect(back.difference.value).toBe(-there.difference.value);
    expect(back.difference.low).toBeCloseTo(-there.difference.high, 9);
    expect(back.first).toEqual(there.second);
  });

  it('is the same for the same seed, and another for another', () => {
    const [a, b] = countsOfSystems(systemsOf(100, [0.3, 0.4], seeded(4)).systems);
    const of = (seed: number) => significance(a, b, { resamples, seed });
    expect(of(7)).toEqual(of(7));
    expect(of(8).difference.low).not.toBe(of(7).difference.low);
    expect(Math.abs(of(8).difference.low - of(7).difference.low)).toBeLessThan(2);
  });

  it('takes equal systems for different about as often as 1 − confidence says, and intervals hold the truth as often as that', () => {
    const random = seeded(5);
    const trials = 300;
    // Right with probability 0.7, whatever the other one does.
    const system = () => ofTokens(...Array.from({ length: 120 }, () => Number(random.uniform() < 0.7)));
    let [different, held] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const { p, first } = significance(system(), system(), { resamples: 400, seed: trial });
      if (p.randomisation < 0.05) different++;
      if (first.low <= 70 && 70 <= first.high) held++;
    }
    // 15 and 285 are expected; the standard deviation of both is 4.
    expect(different).toBeGreaterThan(0);
    expect(different).toBeLessThan(35);
    expect(held).toBeGreaterThan(263);
    expect(held).toBeLessThan(trials);
  });

  it('has the scores that `evaluate` has, of spans and of single tokens', () => {
    const { lengths, systems } = systemsOf(200, [0.4], seeded(6));
    const tags = (side: keyof SentenceSpans) =>
      systems[0].map((sentence, s) => encodeSpans(sentence[side], lengths[s], 'bioes'));
    for (const options of [{ scheme: 'bioes', countAs: 'bio' }, { scheme: 'none' }] as const) {
      const counts = sentenceCounts(comparedSpans(tags('gold'), tags('predicted'), options));
      const { value, low, high } = scoreInterval(counts, { resamples });
      const scores = evaluate(tags('gold'), tags('predicted'), options);
      expect(value).toBeCloseTo(options.scheme === 'none' ? scores.accuracy : scores.f1, 9);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(significance(counts, counts, { resamples }).first).toEqual({ value, low, high });
    }
  });

  it('of nothing is 0', () => {
    const nothing = columnsOf([]);
    expect(significance(nothing, nothing)).toMatchObject({
      difference: { value: 0, low: 0, high: 0 },
      p: { bootstrap: 1, randomisation: 1 },
    });
  });

  it('refuses systems that were not scored on the same annotation, and options out of range', () => {
    const [a] = countsOfSystems(systemsOf(20, [0.3], seeded(7)).systems);
    const [b] = countsOfSystems(systemsOf(20, [0.3], seeded(8)).systems);
    expect(() => significance(a, b)).toThrow(expect.objectContaining({ code: 'E_INTERNAL' }));
    for (const options of [{ resamples: 0 }, { resamples: 1.5 }, { confidence: 0 }, { confidence: 1 }]) {
      expect(() => significance(a, a, options)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    }
  });
});
