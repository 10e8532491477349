/** The tags of a sentence with the probabilities that the model gives them; see Distribution for which decoder's are exact. */
import { TaggerError } from '../core/errors.js';
import type { Distribution } from '../decoders/index.js';
import type { Span } from '../text/document.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';

export interface PredictOptions {
  /** How many of the most probable sequences of tags; E_USAGE unless a whole number from 1. */
  readonly nbest?: number;
  /** Whether the posteriors of all tags are wanted. */
  readonly posteriors?: boolean;
}

export interface ScoredSpan extends Span {
  /** Probability that the sentence has exactly this span: these borders and this label. 0 … 1. */
  readonly score: number;
}

/** Tokens of a sentence that are tagged together: `first` is the index of the first one, `end` that after the last. */
export interface Window {
  readonly first: number;
  readonly end: number;
}

export interface TagSequence {
  readonly tags: readonly string[];
  /** Among all sequences that the scheme allows. 0 … 1. */
  readonly probability: number;
}

/** All probabilities are those of the decoder under the constraints of the scheme. */
export interface Prediction {
  /** The most probable sequence. */
  readonly tags: readonly string[];
  /** Probability of each token's tag, whatever the tags of the others are. 0 … 1. */
  readonly scores: readonly number[];
  /** Its spans in order; where labels are of single tokens, each token. */
  readonly spans: readonly ScoredSpan[];
  /** On request: the most probable sequences, the best first; fewer where fewer are allowed. Of a long sentence see `windows`. */
  readonly nbest?: readonly TagSequence[];
  /** Only of a sentence longer than any of training: the overlapping windows in which it was tagged, and their sequences. */
  readonly windows?: readonly (Window & { readonly nbest?: readonly TagSequence[] })[];
  /** On request: of every token the probabilities of all tags, in the order of the tagger's `tags`. */
  readonly posteriors?: readonly Float64Array[];
}

/** Throws E_USAGE where the number of sequences is none. */
export function checkNBest(nbest: number | undefined): void {
  if (nbest === undefined || (Number.isSafeInteger(nbest) && nbest >= 1)) return;
  throw new TaggerError('E_USAGE', {
    message: 'wrong number of sequences (nbest)',
    expected: 'a whole number of at least 1',
    found: String(nbest),
  });
}

/** What the distribution says of sentence s. The BIOES tags of a span are those of no other, so their probability is its own. */
export function predictionOf(
  distribution: Distribution,
  s: number,
  names: readonly string[],
  scheme: Scheme,
  { nbest, posteriors = false }: PredictOptions,
): Prediction {
  const best = distribution.bestTags(s);
  const named = (tags: Int32Array) => Array.from(tags, (tag) => names[tag]);
  const tags = named(best);
  const scores = Array.from(best, (tag, t) => distribution.probability(s, t, [tag]));
  const spans = decodeSpans(tags, scheme).map(({ label, first, end }) => {
    const isToken = end === first + 1;
    const score = isToken ? scores[first] : distribution.probability(s, first, best.subarray(first, end));
    return { label, first, end, score };
  });
  return {
    tags,
    scores,
    spans,
    ...(nbest !== undefined && {
      nbest: distribution
        .nBest(s, nbest)
        .map(({ tags, probability }) => ({ tags: named(tags), probability })),
    }),
    ...(posteriors && { posteriors: tags.map((_, t) => distribution.posteriors(s, t)) }),
  };
}

/** Of a sentence without tokens, which has one sequence. */
export function emptyPrediction({ nbest, posteriors = false }: PredictOptions): Prediction {
  return {
    tags: [],
    scores: [],
    spans: [],
    ...(nbest !== undefined && { nbest: [{ tags: [], probability: 1 }] }),
    ...(posteriors && { posteriors: [] }),
  };
}
