import { describe, expect, it } from 'vitest';
import { AveragedWeights } from '../../src/baselines/perceptron/averaged-weights.js';
import { FEATURES, Features } from '../../src/baselines/perceptron/features.js';
import { Learner } from '../../src/baselines/perceptron/learner.js';
import { perceptron } from '../../src/baselines/perceptron/perceptron.js';
import { bestPath } from '../../src/baselines/perceptron/viterbi.js';
import { tagSetOf } from '../../src/baselines/tag-set.js';
import { baselineConformance } from '../conformance/baseline.js';
import { seed, seeded } from '../support/arrays.js';
import { accuracyOf, labelled, partsOfSpeech, trained } from '../support/baseline.js';
import { expectClose, relativeRoundings } from '../support/close.js';

/** Signs of zero differ. */
const rounded = { ...relativeRoundings(2), absolute: 1e-12 };

const options = { kind: 'perceptron', epochs: 4 };
baselineConformance('perceptron', perceptron, options, { partsOfSpeech: 99, spans: 99 });

describe(`averaged weights (seed ${seed})`, () => {
  it('are the mean of the weights after every step', () => {
    const random = seeded(20);
    const [width, steps] = [3, 400];
    const weights = new AveragedWeights(width);
    const naive: number[][] = [];
    const sums: number[][] = [];
    for (let step = 0; step < steps; step++) {
      // More rows than it has room for at first.
      for (let more = random.below(8); more > 0; more--) {
        weights.addRow();
        naive.push(Array(width).fill(0));
        sums.push(Array(width).fill(0));
      }
      for (let changes = random.below(5); naive.length > 0 && changes > 0; changes--) {
        const [row, column] = [random.below(naive.length), random.below(width)];
        const by = random.below(2) ? 1 : -1;
        weights.change(row, column, by, step);
        naive[row][column] += by;
      }
      for (const [r, row] of naive.entries()) {
        for (const [c, value] of row.entries()) sums[r][c] += value;
      }
    }
    expect(naive.length).toBeGreaterThan(1024);
    const average = weights.average(steps);
    const expected = sums.flat().map((sum) => sum / steps);
    expectClose(average, expected, rounded, 'weight');
    expect([...weights.values.subarray(0, naive.length * width)]).toEqual(naive.flat());
  });
});

describe(`the best path of a perceptron (seed ${seed})`, () => {
  it('is that of an enumeration of all paths', () => {
    const random = seeded(21);
    for (let round = 0; round < 60; round++) {
      const [k, n] = [1 + random.below(4), 1 + random.below(5)];
      const transitions = Float32Array.from({ length: (k + 1) ** 2 }, () =>
        random.uniform() < 0.2 ? -Infinity : random.below(100),
      );
      const scores = Float64Array.from({ length: n * k }, () => random.below(100));
      const total = (path: ArrayLike<number>) => {
        let [sum, before] = [0, k];
        for (let i = 0; i < n; i++) {
          sum += transitions[before * (k + 1) + path[i]] + scores[i * k + path[i]];
          before = path[i];
        }
        return sum + transitions[before * (k + 1) + k];
      };
      const all = Array.from({ length: k ** n }, (_, code) =>
        total(Array.from({ length: n }, (_, i) => Math.floor(code / k ** i) % k)),
      );
      expect(total(bestPath(scores, n, k, transitions)), `round ${round}`).toBe(Math.max(...all));
    }
  });
});

describe('perceptron', () => {
  it('has the average of a naive one that tries all paths and adds all weights up after every sentence', () => {
    const train = partsOfSpeech(120, 22).filter(({ tokens }) => tokens.length <= 3);
    const tags = tagSetOf({ train, scheme: 'none' });
    const k = tags.names.length;
    const features = new Features();
    const examples = train.map((sentence) => ({
      features: features.add(sentence.tokens, new Map()),
      gold: Int32Array.from(sentence.tags, tags.numberOf),
    }));
    const learner = new Learner(features.size, tags);

    /** The names of all that a sentence with these tags has. */
    const bag = (values: Int32Array, path: ArrayLike<number>) =>
      Array.from({ length: path.length + 1 }, (_, i) => [
        `pair ${path[i - 1] ?? k} ${path[i] ?? k}`,
        ...Array.from(values.subarray(i * FEATURES, (i + 1) * FEATURES), (value) => `${value} ${path[i]}`),
      ]).flat();
    const weights = new Map<string, number>();
    const sums = new Map<string, number>();
    const scoreOf = (values: Int32Array, path: ArrayLike<number>) =>
      bag(values, path).reduce((sum, name) => sum + (weights.get(name) ?? 0), 0);
    for (const example of examples) {
      const { features: values, gold } = example;
      const paths = Array.from({ length: k ** gold.length }, (_, code) =>
        Array.from(gold, (_, i) => Math.floor(code / k ** i) % k),
      );
      // Of several that are best it may find any.
      const found = learner.find(values);
      expect(scoreOf(values, found)).toBe(Math.max(...paths.map((path) => scoreOf(values, path))));
      for (const name of bag(values, gold)) weights.set(name, (weights.get(name) ?? 0) + 1);
      for (const name of bag(values, found)) weights.set(name, (weights.get(name) ?? 0) - 1);
      for (const [name, value] of weights) sums.set(name, (sums.get(name) ?? 0) + value);
      expect(learner.learn(example)).toBe(found.filter((tag, i) => tag !== gold[i]).length);
    }

    const average = learner.average();
    const mean = (name: string) => (sums.get(name) ?? 0) / examples.length;
    for (let feature = 0; feature < features.size; feature++) {
      const row = learner.rowOf(feature);
      const found = row < 0 ? Array(k).fill(0) : average.features.subarray(row * k, (row + 1) * k);
      const expected = Array.from({ length: k }, (_, tag) => mean(`${feature} ${tag}`));
      expectClose(found, expected, rounded, `feature ${feature}, tag`);
    }
    const pairs = Array.from(average.transitions, (_, i) =>
      mean(`pair ${Math.floor(i / (k + 1))} ${i % (k + 1)}`),
    );
    expectClose(average.transitions, pairs, rounded, 'pair');
    expect([...sums.values()].some((sum) => sum !== 0)).toBe(true);
  });

  it('keeps the epoch that is best on dev, also where others follow', async () => {
    // Nothing can be learnt from tags at random, so that any epoch may be the best, and every one changes new weights.
    const atRandom = (count: number, stream: number) => {
      const random = seeded(stream);
      return partsOfSpeech(count, stream).map(({ tokens, tags }) => ({
        tokens,
        tags: tags.map(() => ['DET', 'NOUN', 'VERB', 'ADV'][random.below(4)]),
      }));
    };
    let early = 0;
    for (let stream = 200; stream < 210; stream++) {
      const [train, dev] = [atRandom(40, stream), atRandom(60, stream + 100)];
      const { model, progress } = await trained(perceptron, options, { train, dev, scheme: 'none' });
      const scores = progress.map((line) => Number(/dev ([\d.]+)/.exec(line)?.[1]));
      expect(accuracyOf(model, dev).toFixed(2)).toBe(Math.max(...scores).toFixed(2));
      if (Math.max(...scores) > scores[scores.length - 1]) early++;
    }
    expect(early).toBeGreaterThan(0);
  });

  it('tells a word by its neighbour and its ending', async () => {
    const train = ['happily', 'quickly', 'calmly', 'warmly'].flatMap((word) => [
      labelled(`they/PRON walk/VERB ${word}/ADV`),
      labelled(`the/DET walk/NOUN`),
    ]);
    const { model } = await trained(perceptron, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['they', 'walk', 'sadly'] }, { tokens: ['the', 'walk'] }])).toEqual([
      ['PRON', 'VERB', 'ADV'],
      ['DET', 'NOUN'],
    ]);
  });
});
