import { describe, expect, it } from 'vitest';
import { type FitPlan, fit, planFit } from '../../../src/baselines/crf/fit.js';
import { Objective, weightsOf } from '../../../src/baselines/crf/objective.js';
import { Team } from '../../../src/baselines/crf/team.js';
import { Words } from '../../../src/baselines/crf/templates.js';
import type { Scheme } from '../../../src/text/schemes.js';
import { numbers, seed, seeded } from '../../support/arrays.js';
import { expectClose, type Tolerance } from '../../support/close.js';
import { enumerate, FORBIDDEN, pathScore } from '../../support/crf.js';
import { problemOfCorpus, type RandomCorpus, randomCorpus } from './support.js';

const L2 = 0.3;
const schemes: readonly Scheme[] = ['none', 'bioes'];
const stencil: Tolerance = { reason: 'a stencil of two points 1e-4 apart', absolute: 1e-5 };
const doubles: Tolerance = { reason: 'some thousand roundings of doubles', relative: 1e-10 };

function objectiveOf(corpus: RandomCorpus, everyTagFrom = 1) {
  const { problem, learnt, allowed } = problemOfCorpus(corpus, everyTagFrom);
  const plan = planFit(problem, { l2: L2, iterations: 500, tolerance: 0 }, 1, 0);
  const objective = new Objective(problem, plan.space, L2, new Team(plan.team, 0));
  const { x } = plan.vectors;
  x.set(numbers(x.length, seeded(2), 1));
  return { plan, objective, problem, learnt, allowed };
}

const evaluate = (objective: Objective, { vectors }: FitPlan) =>
  objective.evaluate(vectors.x, vectors.direction, vectors.gradient);

describe.each(schemes)(`scheme %s, seed ${seed}:`, (scheme) => {
  const corpus = randomCorpus(scheme, 6, 5, seeded(1));

  it.each([1, 3, 1e9])(
    'the loss is that of all paths, features looked up by name, weights of every tag from %i times',
    (everyTagFrom) => {
      const { plan, objective, problem, learnt, allowed } = objectiveOf(corpus, everyTagFrom);
      const { x } = plan.vectors;
      const k = corpus.tags.length;
      const masked = (isAllowed: readonly boolean[]) => isAllowed.map((is) => (is ? 0 : FORBIDDEN));
      const { starts, values } = problem.tagsOfFeature;
      const pairs = x.subarray(values.length);
      const chain = {
        k,
        start: masked(allowed.start),
        stop: masked(allowed.end),
        transitions: allowed.pairs.flat().map((is, i) => (is ? pairs[i] : FORBIDDEN)),
      };
      let expected = (L2 / 2) * x.reduce((sum, weight) => sum + weight * weight, 0);
      for (const { tokens, tags } of corpus.sentences.filter(({ tokens }) => tokens.length > 0)) {
        const words = new Words();
        const sentence = words.encode(tokens);
        const e = tokens.map((_, t) => {
          const row = new Float64Array(k);
          for (const { template, ids } of learnt.tables) {
            for (const name of template.names(template.keyAt(sentence, t), words)) {
              const feature = ids.get(name) ?? expect.fail(`${name} was seen in training`);
              for (let w = starts[feature]; w < starts[feature + 1]; w++) row[values[w]] += x[w];
            }
          }
          return row;
        });
        const path = tags.map((tag) => corpus.tags.indexOf(tag));
        expected += enumerate(chain, e).logPartition - pathScore(chain, e, path);
      }
      expectClose([evaluate(objective, plan).loss], [expected], doubles, 'loss');
    },
  );

  it.each([1, 3, 1e9])(
    'gradient and slope by finite differences, weights of every tag from %i times',
    (everyTagFrom) => {
      const { plan, objective } = objectiveOf(corpus, everyTagFrom);
      const { x, direction, gradient } = plan.vectors;
      direction.set(numbers(x.length, seeded(3), 1));
      const { slope } = evaluate(objective, plan);
      const found = gradient.slice();
      expectClose([slope], [found.reduce((sum, g, i) => sum + g * direction[i], 0)], doubles, 'slope');
      const step = 1e-4;
      const expected = found.map((_, i) => {
        const middle = x[i];
        const [up, down] = [step, -step].map((offset) => {
          x[i] = middle + offset;
          return evaluate(objective, plan).loss;
        });
        x[i] = middle;
        return (up - down) / (2 * step);
      });
      // Of the pairs that are not allowed only the penalty is left.
      expectClose(found, expected, stencil, 'gradient');
    },
  );

  it('rare features have weights of the tags that they had in training, frequent ones of all', () => {
    const { problem, learnt } = problemOfCorpus(corpus, 3);
    const { tagsOfFeature, bundlesOfToken: tokens, featuresOfBundle: bundles, gold } = problem;
    const seen = Array.from({ length: learnt.features }, () => [] as number[]);
    gold.forEach((tag, token) => {
      for (const bundle of tokens.values.subarray(tokens.starts[token], tokens.starts[token + 1])) {
        const features = bundles.values.subarray(bundles.starts[bundle], bundles.starts[bundle + 1]);
        for (const feature of features) seen[feature].push(tag);
      }
    });
    const { starts, values } = tagsOfFeature;
    const found = seen.map((_, feature) => [...values.subarray(starts[feature], starts[feature + 1])]);
    const sorted = (tags: Iterable<number>) => [...new Set(tags)].sort((a, b) => a - b);
    expect(found).toEqual(seen.map((tags) => sorted(tags.length < 3 ? tags : corpus.tags.keys())));
    expect(new Set(seen.map(({ length }) => length < 3))).toEqual(new Set([true, false]));
  });

  it('training ends where the gradient is nothing', () => {
    const { plan } = objectiveOf(corpus);
    plan.vectors.x.fill(0);
    const iterations = [...fit({ ...plan, options: { l2: L2, iterations: 500, tolerance: 1e-14 } }, 0)];
    const losses = iterations.map(({ loss }) => loss);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    const objective = new Objective(plan.problem, plan.space, L2, new Team(plan.team, 0));
    const { loss } = evaluate(objective, plan);
    expect(loss).toBe(losses.at(-1));
    expect(Math.max(...plan.vectors.gradient.map(Math.abs))).toBeLessThan(1e-4);
    expect(plan.vectors.x).toHaveLength(weightsOf(plan.problem));
  });
});
