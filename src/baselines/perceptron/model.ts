/** A perceptron at some point: the weights of features and of pairs of neighbouring tags. */
import type { TagSet } from '../tag-set.js';
import { FEATURES } from './features.js';
import { bestPath } from './viterbi.js';

export interface Model {
  readonly rows: number;
  /** [rows, tags] */
  readonly features: Float32Array;
  /** See {@link bestPath}. */
  readonly transitions: Float32Array;
}

/** Scores of pairs before anything is learnt: rows of tags and of the edge, −Infinity for what the scheme forbids. */
export function firstTransitions({ allowed: { start, end, pairs } }: TagSet): number[][] {
  const score = (isAllowed: boolean) => (isAllowed ? 0 : -Infinity);
  return [...pairs.map((row, from) => [...row, end[from]]), [...start, true]].map((row) => row.map(score));
}

/** The tags of a sentence by the rows of its features, FEATURES a token, −1 for those that have none. */
export function tagsOf(
  { features, transitions }: Omit<Model, 'rows'>,
  rows: Int32Array,
  { names: { length: tags } }: Pick<TagSet, 'names'>,
): Int32Array {
  const n = rows.length / FEATURES;
  const scores = new Float64Array(n * tags);
  for (let f = 0; f < rows.length; f++) {
    if (rows[f] < 0) continue;
    const token = Math.floor(f / FEATURES) * tags;
    const row = rows[f] * tags;
    for (let tag = 0; tag < tags; tag++) scores[token + tag] += features[row + tag];
  }
  return bestPath(scores, n, tags, transitions);
}
