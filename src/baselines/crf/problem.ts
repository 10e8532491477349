/** What a CRF is to learn, as numbers in memory that threads share. Letters: F features, K tags, N tokens, M bundles of features. */
import { sharedDoubles, sharedInts } from '../../core/shared.js';
import type { LabelledSentence } from '../../corpus/labels.js';
import type { AllowedTransitions } from '../../text/schemes.js';
import type { Learnt } from './features.js';
import { blocksOf, type Lists, transposed } from './lists.js';

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

export function problemOf(
  train: readonly LabelledSentence[],
  tags: readonly string[],
  allowed: AllowedTransitions,
  { features, bundlesOfToken, featuresOfBundle }: Learnt,
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
    allowed,
    blocks: {
      sentences: blocksOf(sentences, TOKENS),
      bundles: blocksOf(featuresOfBundle.starts, NUMBERS),
      sums: blocksOf(tokensOfBundle.starts, NUMBERS),
      features: blocksOf(bundlesOfFeature.starts, NUMBERS),
    },
  };
}
