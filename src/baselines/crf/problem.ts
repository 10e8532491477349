/**
 * What a CRF is to learn, as numbers in memory that threads share. Letters: F features, K tags, N tokens, M bundles of
 * features, P weights of features.
 */
import { sharedDoubles, sharedInts } from '../../core/shared.js';
import type { LabelledSentence } from '../../corpus/labels.js';
import type { AllowedTransitions } from '../../text/schemes.js';
import type { Learnt } from './features.js';
import { blocksOf, type Lists, listsOf, transposed } from './lists.js';

export interface Problem {
  readonly k: number;
  readonly features: number;
  /** Where sentences begin and the last one ends: token numbers. */
  readonly sentences: Int32Array;
  /** [N] */
  readonly gold: Int32Array;
  /** [K × K] How often a tag follows another in training. */
  readonly observed: Float64Array;
  readonly bundlesOfToken: Lists;
  readonly tokensOfBundle: Lists;
  readonly featuresOfBundle: Lists;
  readonly bundlesOfFeature: Lists;
  /** Weights are numbered as the tags here: each belongs to a feature and a tag. */
  readonly tagsOfFeature: Lists;
  readonly allowed: AllowedTransitions;
  /** Jobs: bounds of blocks of sentences, bundles and features. */
  readonly blocks: {
    readonly sentences: Int32Array;
    readonly bundles: Int32Array;
    readonly sums: Int32Array;
    readonly features: Int32Array;
  };
}

/** Numbers in a block: a job takes about a millisecond, a few hundred of them an iteration of a small corpus. */
const TOKENS = 1024;
const NUMBERS = 8192;

export interface ProblemOptions {
  /** A feature that training has at least so often has a weight for every tag, a rarer one for those that it had there. */
  readonly everyTagFrom: number;
}

export function problemOf(
  train: readonly LabelledSentence[],
  tags: readonly string[],
  allowed: AllowedTransitions,
  { features, bundlesOfToken, featuresOfBundle }: Learnt,
  { everyTagFrom }: ProblemOptions,
): Problem {
  const k = tags.length;
  const numbers = new Map(tags.map((tag, number) => [tag, number]));
  const sentences = sharedInts(train.length + 1);
  const gold = sharedInts(bundlesOfToken.starts.length - 1);
  const observed = sharedDoubles(k * k);
  train.forEach((sentence, s) => {
    const first = sentences[s];
    sentence.tags.forEach((tag, t) => {
      gold[first + t] = numbers.get(tag)!;
      if (t > 0) observed[gold[first + t - 1] * k + gold[first + t]]++;
    });
    sentences[s + 1] = first + sentence.tags.length;
  });
  const tokensOfBundle = transposed(bundlesOfToken, featuresOfBundle.starts.length - 1);
  const bundlesOfFeature = transposed(featuresOfBundle, features);
  const everyTag = [...tags.keys()];
  const tagsOfFeature = seenTags(bundlesOfFeature, tokensOfBundle, gold, k).map((seen, feature) =>
    countOf(feature, bundlesOfFeature, tokensOfBundle) < everyTagFrom ? seen : everyTag,
  );
  return {
    k,
    features,
    sentences,
    gold,
    observed,
    bundlesOfToken,
    tokensOfBundle,
    featuresOfBundle,
    bundlesOfFeature,
    tagsOfFeature: listsOf(tagsOfFeature),
    allowed,
    blocks: {
      sentences: blocksOf(sentences, TOKENS),
      bundles: blocksOf(featuresOfBundle.starts, NUMBERS),
      sums: blocksOf(tokensOfBundle.starts, NUMBERS),
      features: blocksOf(bundlesOfFeature.starts, NUMBERS),
    },
  };
}

/** The tags that the tokens of each feature have in training, in order. */
function seenTags(bundlesOfFeature: Lists, tokensOfBundle: Lists, gold: Int32Array, k: number): number[][] {
  const tagsOf = ({ starts, values }: Lists, seenOf: (value: number) => Iterable<number>) => {
    const seen = new Uint8Array(k);
    return Array.from({ length: starts.length - 1 }, (_, list) => {
      seen.fill(0);
      for (let i = starts[list]; i < starts[list + 1]; i++)
        for (const tag of seenOf(values[i])) seen[tag] = 1;
      const tags: number[] = [];
      for (let tag = 0; tag < k; tag++) if (seen[tag] === 1) tags.push(tag);
      return tags;
    });
  };
  const ofBundle = tagsOf(tokensOfBundle, (token) => [gold[token]]);
  return tagsOf(bundlesOfFeature, (bundle) => ofBundle[bundle]);
}

/** How many tokens of training have a feature. */
function countOf(feature: number, bundlesOfFeature: Lists, tokensOfBundle: Lists): number {
  let tokens = 0;
  for (let i = bundlesOfFeature.starts[feature]; i < bundlesOfFeature.starts[feature + 1]; i++) {
    const bundle = bundlesOfFeature.values[i];
    tokens += tokensOfBundle.starts[bundle + 1] - tokensOfBundle.starts[bundle];
  }
  return tokens;
}
