import { describe, expect, it, vi } from 'vitest';
import { hmm } from '../../src/baselines/hmm/hmm.js';
import { Suffixes } from '../../src/baselines/hmm/suffixes.js';
import { Transitions } from '../../src/baselines/hmm/transitions.js';
import { Trigrams } from '../../src/baselines/hmm/trigrams.js';
import { bestTags, type Choices } from '../../src/baselines/hmm/viterbi.js';
import { allowedTransitions } from '../../src/text/schemes.js';
import { baselineConformance } from '../conformance/baseline.js';
import { seed, seeded } from '../support/arrays.js';
import { labelled, partsOfSpeech, trained } from '../support/baseline.js';
import { expectClose } from '../support/close.js';

/** The least probability is 1e-12, where nothing was seen. */
const inDoubles = { reason: 'sums of some dozens of shares, and what counts as nothing', absolute: 1e-11 };

const options = { kind: 'hmm' };
baselineConformance('hmm', hmm, options, { partsOfSpeech: 99, spans: 95 });

/** Every way to take one of each list. */
function* products<T>([first, ...others]: readonly (readonly T[])[]): Generator<T[]> {
  if (!first) return yield [];
  for (const one of first) for (const more of products(others)) yield [one, ...more];
}

describe(`the best tags of trigrams (seed ${seed})`, () => {
  it('are those of an enumeration of all sequences', () => {
    const random = seeded(10);
    for (let round = 0; round < 60; round++) {
      const k = 1 + random.below(4);
      const table = Array.from({ length: (k + 1) ** 3 }, () =>
        random.uniform() < 0.25 ? -Infinity : -random.uniform(),
      );
      const after = (a: number, b: number) => {
        const first = (a * (k + 1) + b) * (k + 1);
        return table.slice(first, first + k + 1);
      };
      const words: Choices[] = Array.from({ length: random.below(6) }, () => {
        const tags = [...random.permutation(k)].slice(0, 1 + random.below(k));
        return { tags, scores: tags.map(() => -random.uniform()) };
      });
      const total = (tags: readonly number[]) => {
        const path = [k, k, ...tags, k];
        const emissions = tags.map((tag, i) => words[i].scores[Array.from(words[i].tags).indexOf(tag)]);
        const transitions = path.slice(2).map((c, i) => after(path[i], path[i + 1])[c]);
        return [...emissions, ...transitions].reduce((sum, value) => sum + value, 0);
      };
      const best = Math.max(...Array.from(products(words.map(({ tags }) => Array.from(tags))), total));
      const found = bestTags(words, after, k);
      if (best === -Infinity) expect(found, `round ${round}`).toBeUndefined();
      else expect(total(found!), `round ${round}`).toBeCloseTo(best, 10);
    }
  });
});

describe('trigrams', () => {
  const sentences = [
    [0, 1],
    [0, 1, 2],
    [2, 0, 1],
    [0, 1],
    [1, 1, 0, 2],
    [0, 2],
  ];
  const edge = 3;
  const tags = [0, 1, 2, edge];
  const counted = () => {
    const trigrams = new Trigrams(edge);
    for (const sentence of sentences) trigrams.add(sentence);
    return trigrams;
  };
  /** All runs of three in the sentences with their edges. */
  const runs = sentences.flatMap((sentence) => {
    const path = [edge, edge, ...sentence, edge];
    return path.slice(2).map((c, i) => [path[i], path[i + 1], c]);
  });
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  /** How often runs end in `c` after the tags before it, and how often there is something after them, less `taken` of each. */
  const foretold = ([a, b, c]: readonly number[], taken: number) =>
    [() => true, (run: number[]) => run[1] === b, (run: number[]) => run[0] === a && run[1] === b].map(
      (fits) => {
        const after = runs.filter(fits);
        return share(after.filter((run) => run[2] === c).length - taken, after.length - taken);
      },
    );

  it('have the weights of deleted interpolation', () => {
    const votes = [0, 0, 0];
    for (const run of runs) {
      const shares = foretold(run, 1);
      votes[shares.indexOf(Math.max(...shares))] += 1 / runs.length;
    }
    expectClose(counted().interpolate(), votes, inDoubles, 'weight');
    expect(votes.filter((vote) => vote > 0).length).toBeGreaterThan(1);
  });

  it('have probabilities that sum to 1 after every pair that was seen', () => {
    const trigrams = counted();
    const weights = trigrams.interpolate();
    for (const [a, b] of runs) {
      const expected = tags.map((c) => foretold([a, b, c], 0).reduce((sum, p, i) => sum + weights[i] * p, 0));
      expect(expected.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      const found = tags.map((c) => Math.exp(trigrams.log(a, b, c)));
      expectClose(found, expected, inDoubles, `after ${a} and ${b}, tag`);
    }
  });
});

describe('transitions', () => {
  const k = 200;

  it('are those of the trigrams for every pair, and kept for many tags', () => {
    const random = seeded(11);
    const trigrams = new Trigrams(k);
    for (let s = 0; s < 50; s++) trigrams.add(Array.from({ length: 9 }, () => random.below(k)));
    trigrams.interpolate();
    const tags = Array.from({ length: k }, (_, i) => `T${i}`);
    const { after } = new Transitions(trigrams, allowedTransitions(tags, 'none'));
    const pairs = Array.from({ length: (k + 1) ** 2 }, (_, i) => [Math.floor(i / (k + 1)), i % (k + 1)]);
    for (const [a, b] of pairs) {
      const row = after(a, b);
      const wrong = tags.flatMap((_, c) => (row[c] === trigrams.log(a, b, c) ? [] : [[a, b, c]]));
      expect(wrong).toEqual([]);
    }
    const log = vi.spyOn(trigrams, 'log');
    for (const [a, b] of pairs) after(a, b);
    expect(log).not.toHaveBeenCalled();
  });
});

describe('endings', () => {
  it('are mixed from the shortest to the longest that rare words have', () => {
    const prior = Float64Array.of(0.5, 0.3, 0.2);
    const suffixes = new Suffixes(prior, 2);
    suffixes.add('walking', 0, 3);
    suffixes.add('ring', 1, 1);
    suffixes.add('Ring', 2, 1);
    const mean = 1 / 3;
    const theta = Math.sqrt(((0.5 - mean) ** 2 + (0.3 - mean) ** 2 + (0.2 - mean) ** 2) / 2);
    const mix = (own: number[], shorter: number[]) =>
      own.map((p, i) => (p + theta * shorter[i]) / (1 + theta));
    const none = mix([3 / 4, 1 / 4, 0], [...prior]);
    const g = mix([3 / 4, 1 / 4, 0], none);
    const close = (word: string, expected: number[]) =>
      expectClose(suffixes.probabilities(word), expected, inDoubles, `${word}, tag`);
    close('singing', mix([3 / 4, 1 / 4, 0], g));
    // Not a known ending: as far as it is known.
    close('bag', g);
    close('ox', none);
    close('Sing', mix([0, 0, 1], mix([0, 0, 1], mix([0, 0, 1], [...prior]))));
  });
});

describe('hmm', () => {
  it('tells a word by its ending where train does not have it', async () => {
    const train = [
      ...partsOfSpeech(100, 9),
      ...['walking', 'singing', 'painting'].map((word) => labelled(`they/PRON ${word}/VERB`)),
      ...['kindness', 'darkness', 'illness'].map((word) => labelled(`the/DET ${word}/NOUN`)),
    ];
    const { model } = await trained(hmm, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['sadness'] }, { tokens: ['sewing'] }])).toEqual([['NOUN'], ['VERB']]);
  });

  it('looks two tags back', async () => {
    // After `b c` comes D, after `x c` comes Y, and a pair of neighbours does not tell.
    const train = Array.from({ length: 20 }, () => [
      labelled('b/B c/C same/D'),
      labelled('x/X c/C same/Y'),
    ]).flat();
    const { model } = await trained(hmm, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['b', 'c', 'same'] }, { tokens: ['x', 'c', 'same'] }])).toEqual([
      ['B', 'C', 'D'],
      ['X', 'C', 'Y'],
    ]);
  });

  it('keeps spans valid where train has the words only in others', async () => {
    const train = [labelled('Ann/B-X Lee/E-X'), labelled('Ann/B-X Fox/E-X met/O')];
    const { model } = await trained(hmm, options, { train, scheme: 'bioes' });
    expect(model.tag([{ tokens: ['Lee', 'Ann', 'Fox'] }])).toEqual([['O', 'B-X', 'E-X']]);
  });
});
