/**
 * The loss of a CRF and its gradient: minus the log-likelihood of the gold tags plus l2 / 2 · ‖x‖², by a team. Weights x are those
 * of features [P], then those of pairs of tags [K × K].
 *
 * Tokens share bundles of features, and bundles share features. So weights are first summed up for every bundle, and a token's
 * emissions are the sums over its few bundles; on the way back each bundle gathers from its tokens, and each feature from its
 * bundles. Everything is gathered, nothing scattered: there is no sum whose order would depend on who does what.
 */
import { sharedDoubles } from '../../core/shared.js';
import { Chain } from './chain.js';
import type { Lists } from './lists.js';
import type { Problem } from './problem.js';
import type { Team } from './team.js';

export function weightsOf({ tagsOfFeature, k }: Problem): number {
  return tagsOfFeature.values.length + k * k;
}

/** Work space in shared memory. */
export interface ObjectiveSpace {
  /** [M × K] Of bundles: sums of weights, then of differences. */
  readonly bundles: Float64Array;
  /** [N × K] Of tokens: emissions, then posteriors − gold. */
  readonly tokens: Float64Array;
  /** [blocks of sentences × allowed pairs of tags] */
  readonly pairs: Float64Array;
}

export function objectiveSpace({ k, gold, featuresOfBundle, blocks, allowed }: Problem): ObjectiveSpace {
  const pairs = allowed.pairs.flat().filter(Boolean).length;
  return {
    bundles: sharedDoubles((featuresOfBundle.starts.length - 1) * k),
    tokens: sharedDoubles(gold.length * k),
    pairs: sharedDoubles((blocks.sentences.length - 1) * pairs),
  };
}

export interface Evaluation {
  readonly loss: number;
  /** Of the gradient with the direction. */
  readonly slope: number;
}

/** What one member needs to take part. */
export class Objective {
  private readonly problem: Problem;
  private readonly space: ObjectiveSpace;
  private readonly l2: number;
  private readonly team: Team;
  private readonly chain: Chain;
  private readonly counts: Float64Array;

  constructor(problem: Problem, space: ObjectiveSpace, l2: number, team: Team) {
    const { k, sentences, allowed } = problem;
    this.problem = problem;
    this.space = space;
    this.l2 = l2;
    this.team = team;
    let longest = 0;
    for (let s = 0; s + 1 < sentences.length; s++)
      longest = Math.max(longest, sentences[s + 1] - sentences[s]);
    this.chain = new Chain(k, longest, allowed);
    this.counts = new Float64Array(this.chain.pairs);
  }

  /** The jobs into which vectors of weights are cut: features as the gradient has them, and the pairs last. */
  get vectorJobs(): number {
    return this.problem.blocks.features.length;
  }

  /** First and end of the weights of such a job. */
  vectorPart(job: number): readonly [first: number, end: number] {
    const { blocks, tagsOfFeature } = this.problem;
    const end = blocks.features[job + 1];
    const { starts } = tagsOfFeature;
    return [starts[blocks.features[job]], end === undefined ? weightsOf(this.problem) : starts[end]];
  }

  /** Writes the gradient at x. All must have written x. */
  evaluate(x: Float64Array, direction: Float64Array, gradient: Float64Array): Evaluation {
    const { team, problem, space } = this;
    const { k, blocks, tokensOfBundle, tagsOfFeature } = problem;
    const pairsFrom = tagsOfFeature.values.length;
    this.chain.setPairs(x.subarray(pairsFrom));
    team.together(blocks.bundles.length - 1, (job) => addWeights(problem, job, x, space.bundles));
    const [likelihood] = team.sum(blocks.sentences.length - 1, 1, (job, terms, at) => {
      terms[at] = this.sentences(job, x.subarray(pairsFrom));
    });
    team.together(blocks.sums.length - 1, (job) =>
      gather(tokensOfBundle, blocks.sums[job], blocks.sums[job + 1], k, space.tokens, space.bundles),
    );
    const [norm, slope] = team.sum(this.vectorJobs, 2, (job, terms, at) => {
      const [first, end] = this.vectorPart(job);
      if (job + 1 < this.vectorJobs) addDifferences(problem, job, space.bundles, gradient);
      else this.pairs(gradient.subarray(pairsFrom));
      let [norm, slope] = [0, 0];
      for (let i = first; i < end; i++) {
        norm += x[i] * x[i];
        gradient[i] += this.l2 * x[i];
        slope += gradient[i] * direction[i];
      }
      terms[at] = norm;
      terms[at + 1] = slope;
    });
    return { loss: (this.l2 / 2) * norm - likelihood, slope };
  }

  /** A block of sentences: differences of its tokens and counts of its pairs. Its log-likelihood. */
  private sentences(job: number, pairScores: Float64Array): number {
    const { problem, space, chain, counts } = this;
    const { k, sentences, gold, blocks, bundlesOfToken } = problem;
    const { tokens } = space;
    const [from, to] = [blocks.sentences[job], blocks.sentences[job + 1]];
    let likelihood = 0;
    counts.fill(0);
    for (let s = from; s < to; s++) {
      const [first, end] = [sentences[s], sentences[s + 1]];
      if (first === end) continue;
      gather(bundlesOfToken, first, end, k, space.bundles, tokens);
      for (let n = first; n < end; n++) {
        likelihood += tokens[n * k + gold[n]];
        if (n > first) likelihood += pairScores[gold[n - 1] * k + gold[n]];
      }
      likelihood -= chain.run(tokens, first, end - first, counts);
      for (let n = first; n < end; n++) tokens[n * k + gold[n]]--;
    }
    space.pairs.set(counts, job * counts.length);
    return likelihood;
  }

  /** The gradient of the pairs: expected minus observed, the blocks in order. */
  private pairs(gradient: Float64Array): void {
    const { problem, space, chain, counts } = this;
    counts.fill(0);
    for (let from = 0; from < space.pairs.length; from += counts.length) {
      for (let i = 0; i < counts.length; i++) counts[i] += space.pairs[from + i];
    }
    problem.observed.forEach((count, i) => {
      gradient[i] = -count;
    });
    chain.addExpected(counts, gradient);
  }
}

/** bundles [M × K] of a block become the sums of the weights of their features. */
function addWeights(
  { k, blocks, featuresOfBundle, tagsOfFeature }: Problem,
  job: number,
  x: Float64Array,
  bundles: Float64Array,
): void {
  const { starts, values } = featuresOfBundle;
  const { starts: weights, values: tags } = tagsOfFeature;
  for (let bundle = blocks.bundles[job]; bundle < blocks.bundles[job + 1]; bundle++) {
    const at = bundle * k;
    for (let j = 0; j < k; j++) bundles[at + j] = 0;
    for (let i = starts[bundle]; i < starts[bundle + 1]; i++) {
      const end = weights[values[i] + 1];
      for (let w = weights[values[i]]; w < end; w++) bundles[at + tags[w]] += x[w];
    }
  }
}

/** The gradient [P] of a block of features becomes the sums of what their bundles have for the tag of each weight. */
function addDifferences(
  { k, blocks, bundlesOfFeature, tagsOfFeature }: Problem,
  job: number,
  bundles: Float64Array,
  gradient: Float64Array,
): void {
  const { starts, values } = bundlesOfFeature;
  const { starts: weights, values: tags } = tagsOfFeature;
  for (let feature = blocks.features[job]; feature < blocks.features[job + 1]; feature++) {
    const [first, end] = [weights[feature], weights[feature + 1]];
    for (let w = first; w < end; w++) gradient[w] = 0;
    for (let i = starts[feature]; i < starts[feature + 1]; i++) {
      const at = values[i] * k;
      for (let w = first; w < end; w++) gradient[w] += bundles[at + tags[w]];
    }
  }
}

/** Row i of `into`, for first ≤ i < end, becomes the sum of the rows of `from` that list i names. */
function gather(
  { starts, values }: Lists,
  first: number,
  end: number,
  k: number,
  from: Float64Array,
  into: Float64Array,
): void {
  for (let i = first; i < end; i++) {
    const at = i * k;
    for (let j = 0; j < k; j++) into[at + j] = 0;
    for (let item = starts[i]; item < starts[i + 1]; item++) {
      const row = values[item] * k;
      for (let j = 0; j < k; j++) into[at + j] += from[row + j];
    }
  }
}
