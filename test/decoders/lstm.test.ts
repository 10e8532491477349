import { describe, expect, it } from 'vitest';
import { lstm, lstmOptions } from '../../src/decoders/lstm.js';
import { decoderConformance } from '../conformance/decoder.js';
import { distributionConformance } from '../conformance/distribution.js';
import { seed } from '../support/arrays.js';
import { paths } from '../support/crf.js';
import { allows, cases } from '../support/decoder-cases.js';
import { DecoderTrial, type DecoderTrialOptions, type Training } from '../support/decoder-trial.js';
import { lstmDecoder } from '../support/lstm-decoder.js';
import { expectGradients } from '../support/workbench.js';

/** Wide enough for every path of the longest sentence. */
const small = { kind: 'lstm', units: 5, dim: 3, dropout: 0, beam: 4096 };

decoderConformance('lstm', lstm, small, lstmDecoder());
decoderConformance('lstm, smoothed', lstm, { ...small, labelSmoothing: 0.1 }, lstmDecoder(0.1));
distributionConformance({
  name: 'lstm',
  create: (...args) => lstm.create(lstmOptions.parse(small), ...args),
  definition: lstmDecoder(),
  tolerance: {
    reason: 'a few dozen roundings a token, of numbers of some dozens',
    relative: 1e-3,
    absolute: 1e-6,
  },
  sizes: [1, 8],
});

const trial = (more: object, one = cases['BIOES of two labels'], options: DecoderTrialOptions = {}) =>
  new DecoderTrial((...args) => lstm.create(lstmOptions.parse({ ...small, ...more }), ...args), one, options);

/** Of sentences whose paths no beam here holds. */
const long = { size: 4, limit: 2, lengths: [9, 14, 1, 30, 3] };
/** Reads what it draws half of the time, at step 1. */
const half = { sampling: { kind: 'exponential', k: 0.5 } };
const at = (count: number, ...stream: number[]): Training => ({ stream, count });

describe.each(Object.entries(cases))(`the beam of lstm over %s, seed ${seed}`, (_, one) => {
  const beams = [1, 2, 3, 8, 40];
  const decoded = (beam: number) => {
    const made = trial({ beam }, one, long);
    return { made, tags: made.decode() };
  };

  it('decodes allowed sequences only, of a sentence the same alone and in a batch', () => {
    for (const beam of beams) {
      const { made, tags } = decoded(beam);
      for (const path of tags) expect(allows(one[1], path), `beam ${beam}: ${path}`).toBe(true);
      expect(made.all.map((s) => made.decode([s])[0])).toEqual(tags);
    }
  });

  it('takes at every token the best tag that may stand there when it is greedy', () => {
    const { made, tags } = decoded(1);
    made.defined(lstmDecoder()).forEach(({ score }, s) => {
      const { length } = made.sentences[s];
      if (length > 4) return;
      const greedy: number[] = [];
      for (let t = 0; t < length; t++) {
        const all = Array.from(paths(made.k, length), (path) => [...path]);
        // The share of a tag is what all paths through it weigh together.
        const weights = Array.from({ length: made.k }, (_, tag) =>
          all
            .filter((path) => [...greedy, tag].every((own, i) => path[i] === own))
            .reduce((sum, path) => sum + Math.exp(score(path)), 0),
        );
        greedy.push(weights.indexOf(Math.max(...weights)));
      }
      expect(tags[s]).toEqual(greedy);
    });
  });

  it('is never worse than greedy, and better for one sentence at least where tags are many', () => {
    const definition = lstmDecoder();
    const scores = (beam: number) => {
      const { made, tags } = decoded(beam);
      return made.defined(definition).map(({ score }, s) => score(tags[s]));
    };
    const greedy = scores(1);
    for (const beam of beams.slice(1)) {
      const wider = scores(beam);
      wider.forEach((score, s) => {
        expect(score, `beam ${beam}, sentence ${s}`).toBeGreaterThanOrEqual(greedy[s] - 1e-4);
      });
      if (one[0] >= 7 && beam >= 8) expect(wider.some((score, s) => score > greedy[s] + 1e-3)).toBe(true);
    }
  });

  it('has its own tags among the sequences of its probabilities, and sequences by falling probability', () => {
    for (const beam of beams) {
      const { made, tags } = decoded(beam);
      const distribution = made.distribution();
      made.defined(lstmDecoder()).forEach(({ score }, s) => {
        expect([...distribution.bestTags(s)]).toEqual(tags[s]);
        expect(distribution.probability(s, 0, tags[s])).toBeGreaterThan(0);
        for (const n of [3, 60]) {
          const found = distribution.nBest(s, n);
          const probabilities = found.map(({ probability }) => probability);
          expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
          expect(new Set(found.map((each) => `${each.tags}`)).size).toBe(found.length);
          for (const each of found) {
            const expected = score([...each.tags]);
            expect(Math.abs(Math.log(each.probability) - expected)).toBeLessThan(1e-3 * (1 - expected));
          }
        }
      });
    }
  });
});

describe(`scheduled sampling, seed ${seed}`, () => {
  const bytes = (made: DecoderTrial, training: Training) =>
    made.gradients(training).map(({ name, gradient }) => [name, [...gradient]]);

  it('that never draws is teacher forcing to the bit, with dropout too', () => {
    for (const dropout of [0, 0.5]) {
      const forced = trial({ dropout });
      // At step 1 below 1 by less than a coin has grains.
      const never = trial({ dropout, sampling: { kind: 'exponential', k: 1 - 1e-9 } });
      expect(never.loss(never.all, at(1, 5))).toBe(forced.loss(forced.all, at(1, 5)));
      expect(bytes(never, at(1, 5))).toEqual(bytes(forced, at(1, 5)));
    }
  });

  it('draws the same of the same stream, and something else of another', () => {
    const made = trial(half);
    const losses = [1, 2, 3, 4].map((stream) => made.loss(made.all, at(1, stream)));
    expect(losses.map((_, i) => made.loss(made.all, at(1, i + 1)))).toEqual(losses);
    expect(new Set(losses).size).toBeGreaterThan(1);
  });

  it('follows the steps of the training, and leaves what is no training alone', () => {
    const made = trial(half);
    const forced = trial({});
    expect(made.loss()).toBe(forced.loss());
    expect(made.loss(made.all, at(0, 1))).toBe(forced.loss());
    expect(made.loss(made.all, at(50, 1))).not.toBe(forced.loss());
  });

  it('has the gradients of finite differences, none through the choice', () => {
    for (const dropout of [0, 0.5]) {
      const made = trial({ ...half, dropout });
      const training = at(1, 3);
      expectGradients(made.gradients(training), () => made.loss(made.all, training));
    }
  });

  it('draws tags as often as the model thinks them likely', () => {
    // One sentence of two tokens many times: the loss of the second shows which tag was read before it.
    const one = cases['four tags that go everywhere'];
    const many = 4000;
    const made = trial({ sampling: { kind: 'linear', steps: 1, floor: 0 } }, one, {
      lengths: new Array(many).fill(2),
      limit: 4,
    });
    for (let s = 1; s < many; s++) made.x.copyWithin(s * 10, 0, 10);
    const loss = made.loss(made.all, at(1, seed));
    const [{ loss: lossOf, score }] = made.defined(lstmDecoder());
    const gold = made.gold;
    // Every sentence's loss has a mean and a variance over the tags that may be read, each with its share.
    const tags = [0, 1, 2, 3];
    const share = (first: number) => tags.reduce((sum, next) => sum + Math.exp(score([first, next])), 0);
    const moments = gold.map(([first, second]) => {
      const losses = tags.map((read) => lossOf([read, second]) + Math.log(share(read)));
      const mean = losses.reduce((sum, each, read) => sum + share(read) * each, 0);
      const variance = losses.reduce((sum, each, read) => sum + share(read) * (each - mean) ** 2, 0);
      return { mean: mean - Math.log(share(first)), variance };
    });
    const expected = moments.reduce((sum, { mean }) => sum + mean, 0);
    const deviation = Math.sqrt(moments.reduce((sum, { variance }) => sum + variance, 0));
    expect(Math.abs(loss - expected)).toBeLessThan(5 * deviation);
    expect(Math.abs(made.loss() - expected), 'what is read matters').toBeGreaterThan(10 * deviation);
  });
});

it('makes of a diverged model no tags that do not exist, and no probabilities', () => {
  const made = trial({ beam: 3 }, cases['BIOES of one label'], { size: 1 });
  made.x.fill(Number.NaN);
  for (const path of made.decode()) expect(path.every((tag) => tag >= 0 && tag < made.k)).toBe(true);
  expect(() => made.distribution().nBest(0, 2)).toThrow(expect.objectContaining({ code: 'E_MODEL' }));
  expect(() => made.distribution().bestTags(0)).toThrow(expect.objectContaining({ code: 'E_MODEL' }));
});

it('is certain of the one sequence that is allowed', () => {
  // a and b take turns, begin with a and end with b: a sentence of two or four tokens has one sequence, and it is certain.
  const turns = {
    start: [true, false],
    end: [false, true],
    pairs: [
      [false, true],
      [true, false],
    ],
  };
  const made = trial({ beam: 2 }, [2, turns], { lengths: [4, 2, 6] });
  expect(made.decode()).toEqual([4, 2, 6].map((length) => Array.from({ length }, (_, t) => t % 2)));
  const distribution = made.distribution();
  for (const s of made.all)
    expect(distribution.nBest(s, 5).map(({ probability }) => probability)).toEqual([1]);
});

it('drops as much of its output as it is told, in training only', () => {
  const [none, some] = [0, 0.5].map((dropout) => trial({ dropout }));
  expect(some.loss()).toBe(none.loss());
  expect(none.loss(none.all, at(0, 1))).toBe(none.loss());
  expect(some.loss(some.all, at(0, 1))).not.toBe(none.loss());
  expectGradients(some.gradients(at(0, 1)), () => some.loss(some.all, at(0, 1)));
});
