/** Random CRFs over ragged batches, with and without forbidden transitions, and their enumeration. */
import { numbers, seeded, wholeNumbers } from './arrays.js';
import { type Chain, type Enumeration, enumerate, FORBIDDEN } from './crf.js';
import { type Ragged, ragged } from './ragged.js';

export interface CrfCase {
  readonly k: number;
  readonly lengths: readonly number[];
  /** Forbids about a third of the transitions; tag 0 may always follow itself, start and stop. */
  readonly masked: boolean;
  /** Largest emission. */
  readonly size: number;
  readonly whole?: boolean;
}

export interface CrfProblem extends Chain {
  readonly batch: Ragged;
  readonly e: Float32Array;
  readonly start: Float32Array;
  readonly transitions: Float32Array;
  readonly stop: Float32Array;
}

export function makeCrf({ k, lengths, masked, size, whole }: CrfCase): CrfProblem {
  const batch = ragged(lengths);
  const random = seeded(k, batch.tokens, size);
  const make = whole ? wholeNumbers : numbers;
  const scores = (n: number) =>
    make(n, random, 2).map((score, i) => (masked && i > 0 && random.uniform() < 0.35 ? FORBIDDEN : score));
  return {
    k,
    batch,
    e: make(batch.tokens * k, random, size),
    start: scores(k),
    transitions: scores(k * k),
    stop: scores(k),
  };
}

/** The emissions of a sentence. */
export function emissionsOf({ k, batch, e }: CrfProblem, sentence: number): Float32Array[] {
  return batch.rows(sentence).map((row) => e.subarray(row * k, (row + 1) * k));
}

/** The enumeration of every sentence. */
export function enumerateAll(problem: CrfProblem): Enumeration[] {
  return problem.batch.lengths.map((_, b) => enumerate(problem, emissionsOf(problem, b)));
}

/** Few tags with longer sentences and many tags (all remainders of a SIMD loop) with short ones: enumeration stays cheap. */
export const crfShapes: readonly Pick<CrfCase, 'k' | 'lengths'>[] = [
  { k: 1, lengths: [3, 1] },
  { k: 2, lengths: [6, 4, 4, 1] },
  { k: 3, lengths: [1] },
  { k: 3, lengths: [5, 5, 2, 1, 1] },
  { k: 4, lengths: [5, 3, 2, 1] },
  { k: 5, lengths: [4, 4, 1] },
  { k: 6, lengths: [3, 2] },
  { k: 7, lengths: [3, 1, 1] },
  { k: 8, lengths: [3, 2, 1] },
  { k: 9, lengths: [3, 3, 1] },
  { k: 17, lengths: [3, 2, 1] },
  { k: 33, lengths: [2, 1] },
];
