/** A decoder by its definition, for one sentence, in f64: what every kind's test hands to the conformance suites. */
import type { Constraints } from '../../src/decoders/decoder.js';
import { affine } from './affine.js';
import { type Chain, pathScore, paths } from './crf.js';
import { maskedChain } from './decoder-cases.js';

/** A parameter by name, without the decoder's prefix. */
export type Values = (name: string) => Float32Array;

export interface DefinedSentence {
  readonly loss: (path: readonly number[]) => number;
  /** The logarithm of the path's probability, but for a constant of the sentence; −∞ where it is forbidden. */
  readonly score: (path: readonly number[]) => number;
}

/** Given the parameters, the number of tags, what is forbidden, and x [T][D]. */
export type DecoderDefinition = (
  values: Values,
  k: number,
  constraints: Constraints,
  x: readonly (readonly number[])[],
) => DefinedSentence;

/** A decoder whose paths are scored by emissions and a chain; without `scores`, those beside the emissions are 0. */
export function chainDefinition(
  loss: (chain: Chain, e: readonly number[][], path: readonly number[]) => number,
  scores?: (values: Values) => Omit<Chain, 'k'>,
): DecoderDefinition {
  return (values, k, constraints, x) => {
    const e = affine(x.flat(), values('emission.weight'), values('emission.bias'));
    const chain = maskedChain(k, constraints, scores?.(values));
    return { loss: (path) => loss(chain, e, path), score: (path) => pathScore(chain, e, path) };
  };
}

/** Every token by itself: the cross-entropy of its emissions, forbidden or not, with (1 − ε) · gold + ε / K. */
export function crossEntropy(
  e: readonly (readonly number[])[],
  path: readonly number[],
  smoothing = 0,
): number {
  return e.reduce((sum, row, t) => {
    const top = Math.max(...row);
    const log = top + Math.log(row.reduce((all, score) => all + Math.exp(score - top), 0));
    const gold = sum + log - row[path[t]];
    // Not 0 · ∞ where something is forbidden.
    if (smoothing === 0) return gold;
    const mean = row.reduce((all, score) => all + score, 0) / row.length;
    return gold + smoothing * (row[path[t]] - mean);
  }, 0);
}

export interface WeightedPath {
  readonly path: readonly number[];
  readonly probability: number;
}

/** All allowed paths by falling probability; of equal ones, that with the smaller last tags first. */
export function weighted(k: number, length: number, { score }: DefinedSentence): WeightedPath[] {
  const scored = Array.from(paths(k, length), (path) => ({ path: [...path], score: score(path) }))
    .filter((one) => one.score > -Infinity)
    .sort((a, b) => b.score - a.score);
  const weights = scored.map((one) => Math.exp(one.score - scored[0].score));
  const total = weights.reduceRight((sum, weight) => sum + weight, 0);
  return scored.map(({ path }, i) => ({ path, probability: weights[i] / total }));
}
