/** Random CRFs over ragged batches, with and without forbidden transitions, and their enumeration. */
import { numbers, range, seeded, wholeNumbers } from './arrays.js';
import { type Chain, type Enumeration, enumerate, FORBIDDEN } from './crf.js';
import { type Ragged, ragged } from './ragged.js';

export interface CrfCase {
  readonly k: number;
  readonly lengths: readonly number[];
  /**
   * random: about a third of the transitions is forbidden; tag 0 may always follow itself, start and stop.
   * bioes: tags are O and then B, I, E, S of each label.
   */
  readonly mask: 'none' | 'random' | 'bioes';
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

/** Whether `to` may follow `from` in BIOES; −1 is what is before and after a sentence. */
function bioesAllows(from: number, to: number): boolean {
  const part = (tag: number) => (tag <= 0 ? 'O' : 'BIES'[(tag - 1) % 4]);
  const label = (tag: number) => Math.floor((tag - 1) / 4);
  const inside = part(from) === 'B' || part(from) === 'I';
  const goesOn = part(to) === 'I' || part(to) === 'E';
  return inside === goesOn && (!inside || label(from) === label(to));
}

export function makeCrf({ k, lengths, mask, size, whole }: CrfCase): CrfProblem {
  const batch = ragged(lengths);
  const random = seeded(k, batch.tokens, size);
  const make = whole ? wholeNumbers : numbers;
  const forbids = {
    none: () => false,
    random: (from: number, to: number) => from + to > 0 && random.uniform() < 0.35,
    bioes: (from: number, to: number) => !bioesAllows(from, to),
  }[mask];
  /** Scores of going from one of the tags to one of the tags. */
  const scores = (from: readonly number[], to: readonly number[]) =>
    make(from.length * to.length, random, 2).map((score, i) =>
      forbids(from[Math.floor(i / to.length)], to[i % to.length]) ? FORBIDDEN : score,
    );
  const tags = range(0, k - 1);
  const outside = [-1];
  return {
    k,
    batch,
    e: make(batch.tokens * k, random, size),
    start: scores(outside, tags),
    transitions: scores(tags, tags),
    stop: scores(tags, outside),
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

export const bioesShapes: readonly Pick<CrfCase, 'k' | 'lengths'>[] = [
  { k: 5, lengths: [6, 5, 4, 2, 1] },
  { k: 5, lengths: [5, 5, 3, 3, 1, 1] },
  { k: 9, lengths: [4, 3, 2, 1] },
  { k: 9, lengths: [4, 4, 4] },
  { k: 17, lengths: [3, 3, 2, 1] },
];
