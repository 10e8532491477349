/** A linear-chain CRF by its definition: every path of a sentence is scored, in f64. */

/** A score that forbids; its exponential is 0. */
export const FORBIDDEN = -1e4;

export interface Chain {
  readonly k: number;
  readonly start: ArrayLike<number>;
  /** [K × K], from row to column. */
  readonly transitions: ArrayLike<number>;
  readonly stop: ArrayLike<number>;
}

export function pathScore(
  { k, start, transitions, stop }: Chain,
  e: readonly ArrayLike<number>[],
  path: readonly number[],
): number {
  let score = start[path[0]] + stop[path[path.length - 1]];
  for (let t = 0; t < path.length; t++) {
    score += e[t][path[t]] + (t > 0 ? transitions[path[t - 1] * k + path[t]] : 0);
  }
  return score;
}

/** All paths; the last tag changes slowest, so of equally good ones the first is what Viterbi's rule of the smaller tag takes. */
export function* paths(k: number, length: number): Generator<number[]> {
  const path = new Array<number>(length).fill(0);
  for (;;) {
    yield path;
    let t = 0;
    while (t < length && path[t] === k - 1) path[t++] = 0;
    if (t === length) return;
    path[t]++;
  }
}

export interface Enumeration {
  readonly logPartition: number;
  /** P(tag at t). */
  readonly posteriors: Float64Array[];
  /** [K × K] expected number of each transition. */
  readonly counts: Float64Array;
  readonly best: number[];
}

/** Over all paths of a sentence with emissions e [T][K]. */
export function enumerate(chain: Chain, e: readonly ArrayLike<number>[]): Enumeration {
  const { k } = chain;
  let bestScore = -Infinity;
  let best: number[] = [];
  for (const path of paths(k, e.length)) {
    const score = pathScore(chain, e, path);
    if (score > bestScore) [bestScore, best] = [score, [...path]];
  }
  let total = 0;
  const posteriors = e.map(() => new Float64Array(k));
  const counts = new Float64Array(k * k);
  for (const path of paths(k, e.length)) {
    const weight = Math.exp(pathScore(chain, e, path) - bestScore);
    total += weight;
    for (let t = 0; t < path.length; t++) {
      posteriors[t][path[t]] += weight;
      if (t > 0) counts[path[t - 1] * k + path[t]] += weight;
    }
  }
  const share = (weight: number) => weight / total;
  return {
    logPartition: bestScore + Math.log(total),
    posteriors: posteriors.map((row) => row.map(share)),
    counts: counts.map(share),
    best,
  };
}
