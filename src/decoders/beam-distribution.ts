/** The distribution of a decoder without exact marginals, as far as a beam search sees it. */
import { TaggerError } from '../core/errors.js';
import type { Hypothesis } from './beam.js';
import type { Distribution, TagSequence } from './distribution.js';

/** Of sentence s the sequences that a beam of a width finds, best first. */
export type Search = (width: number) => (s: number) => readonly Hypothesis[];

/** Probabilities are made of at least so many sequences. */
const WIDTH = 16;

/**
 * Probabilities of tags and spans are shares in what the sequences of a beam weigh together. They are exact where these are all
 * the allowed ones, and else off by at most the weight of those that the beam has lost; what none of its sequences has gets 0.
 * A sequence of `nBest` has its own, exact probability; for more than the beam holds, a wider one is searched.
 */
export class BeamDistribution implements Distribution {
  private readonly search: Search;
  private readonly k: number;
  private readonly beam: number;
  private readonly searched = new Map<number, ReturnType<Search>>();
  private readonly shared = new Map<number, readonly TagSequence[]>();

  /** Over k tags; `beam` is the width with which the decoder decodes. */
  constructor(search: Search, k: number, beam: number) {
    [this.search, this.k, this.beam] = [search, k, beam];
  }

  bestTags(s: number): Int32Array {
    return this.sequences(s, this.beam)[0].tags;
  }

  probability(s: number, first: number, tags: ArrayLike<number>): number {
    let sum = 0;
    for (const { tags: own, probability } of this.shares(s)) {
      let i = 0;
      while (i < tags.length && own[first + i] === tags[i]) i++;
      if (i === tags.length) sum += probability;
    }
    return Math.min(1, sum);
  }

  posteriors(s: number, t: number): Float64Array {
    const sums = new Float64Array(this.k);
    for (const { tags, probability } of this.shares(s)) sums[tags[t]] += probability;
    return sums.map((sum) => Math.min(1, sum));
  }

  nBest(s: number, n: number): TagSequence[] {
    return this.found(s, n)
      .slice(0, n)
      .map(({ tags, logProbability }) => ({ tags, probability: Math.min(1, Math.exp(logProbability)) }));
  }

  /** The sequences of the beam of a sentence, and what of all of them is each one's. */
  private shares(s: number): readonly TagSequence[] {
    const known = this.shared.get(s);
    if (known) return known;
    const found = this.found(s, 1);
    const weights = found.map(({ logProbability }) => Math.exp(logProbability - found[0].logProbability));
    const total = weights.reduceRight((sum, weight) => sum + weight, 0);
    const shares = found.map(({ tags }, i) => ({ tags, probability: weights[i] / total }));
    this.shared.set(s, shares);
    return shares;
  }

  /** What a beam wide enough for n finds, and what the decoder has found where that is not among it. */
  private found(s: number, n: number): readonly Hypothesis[] {
    const wide = this.sequences(s, Math.max(this.beam, WIDTH, n));
    const [decoded] = this.sequences(s, this.beam);
    const isSame = ({ tags }: Hypothesis) => tags.every((tag, t) => tag === decoded.tags[t]);
    if (wide.some(isSame)) return wide;
    return [...wide, decoded].sort((a, b) => b.logProbability - a.logProbability);
  }

  private sequences(s: number, width: number): readonly Hypothesis[] {
    const of = this.searched.get(width) ?? this.search(width);
    this.searched.set(width, of);
    const found = of(s);
    if (found.length === 0) throw noNumbers();
    return found;
  }
}

function noNumbers(): TaggerError {
  return new TaggerError('E_MODEL', {
    message: 'the scores of the model are no numbers',
    hint: 'a model whose training has not diverged',
  });
}
