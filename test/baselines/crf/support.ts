/** Small problems for the feature CRF, of invented words. */
import type { FeatureOptions } from '../../../src/baselines/crf/features.js';
import { learnFeatures } from '../../../src/baselines/crf/features.js';
import { type Problem, problemOf } from '../../../src/baselines/crf/problem.js';
import type { Random } from '../../../src/core/random.js';
import type { LabelledSentence } from '../../../src/corpus/labels.js';
import { allowedTransitions, encodeSpans, type Scheme } from '../../../src/text/schemes.js';

export const featureOptions: FeatureOptions = { window: 1, affixes: 2, minCount: 1 };

export interface RandomCorpus {
  readonly scheme: Scheme;
  readonly sentences: readonly LabelledSentence[];
  readonly tags: readonly string[];
}

const word = (random: Random) =>
  Array.from({ length: 1 + random.below(4) }, () => 'abcdeABZ09-é'[random.below(12)]).join('');

/** Sentences of up to `longest` tokens; none of them long enough to make paths hard to enumerate, if that is not. */
export function randomCorpus(scheme: Scheme, count: number, longest: number, random: Random): RandomCorpus {
  const sentences = Array.from({ length: count }, () => {
    const tokens = Array.from({ length: random.below(longest + 1) }, () => word(random));
    return { tokens, tags: scheme === 'none' ? labels(tokens, random) : spans(tokens.length, random) };
  });
  const tags = scheme === 'none' ? ['N', 'V', 'X'] : ['O', 'B-P', 'I-P', 'E-P', 'S-P', 'S-Q'];
  return { scheme, sentences, tags };
}

/** Half of them follow from the word. */
const labels = (tokens: readonly string[], random: Random) =>
  tokens.map((token) => 'NVX'[random.below(2) ? token.charCodeAt(0) % 3 : random.below(3)]);

function spans(length: number, random: Random): string[] {
  const found = [];
  for (let first = random.below(3); first < length; first += 1 + random.below(2)) {
    const end = Math.min(length, first + 1 + random.below(3));
    found.push({ label: end - first === 1 && random.below(2) ? 'Q' : 'P', first, end });
    first = end;
  }
  return encodeSpans(found, length, 'bioes');
}

export function problemOfCorpus({ sentences, tags, scheme }: RandomCorpus, everyTagFrom = 3) {
  const learnt = learnFeatures(
    sentences.map(({ tokens }) => tokens),
    featureOptions,
  );
  const allowed = allowedTransitions(tags, scheme);
  const problem: Problem = problemOf(sentences, tags, allowed, learnt, { everyTagFrom });
  return { problem, learnt, allowed };
}
