/** The best allowed path of a chain (Viterbi 1967). */
import type { AllowedTransitions } from '../../text/schemes.js';

/** Scores so low that no sum of others makes up for one; sums of them stay finite. */
const FORBIDDEN = -1e30;

export class Viterbi {
  private readonly k: number;
  private readonly start: Float64Array;
  private readonly stop: Float64Array;
  /** [K × K] To the row's tag from the column's, so that a row is read for each tag. */
  private readonly into: Float64Array;

  /** `pairs` [K × K] from row to column. */
  constructor(pairs: ArrayLike<number>, allowed: AllowedTransitions) {
    this.k = allowed.start.length;
    const { k } = this;
    const masked = (isAllowed: readonly boolean[]) =>
      Float64Array.from(isAllowed, (is) => (is ? 0 : FORBIDDEN));
    this.start = masked(allowed.start);
    this.stop = masked(allowed.end);
    this.into = new Float64Array(k * k);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) this.into[j * k + i] = allowed.pairs[i][j] ? pairs[i * k + j] : FORBIDDEN;
    }
  }

  /** Of emissions [T × K], which it changes; of equally good ones that with the smallest tags, from the end. */
  bestPath(e: Float64Array): number[] {
    const { k, start, stop, into } = this;
    const length = e.length / k;
    if (length === 0) return [];
    const back = new Int32Array(e.length);
    for (let j = 0; j < k; j++) e[j] += start[j];
    for (let t = 1; t < length; t++) {
      const [at, before] = [t * k, (t - 1) * k];
      for (let j = 0; j < k; j++) {
        let best = Number.NEGATIVE_INFINITY;
        let which = 0;
        for (let i = 0; i < k; i++) {
          const score = e[before + i] + into[j * k + i];
          if (score > best) {
            best = score;
            which = i;
          }
        }
        e[at + j] += best;
        back[at + j] = which;
      }
    }
    const path = new Array<number>(length);
    const last = (length - 1) * k;
    let tag = 0;
    for (let j = 1; j < k; j++) if (e[last + j] + stop[j] > e[last + tag] + stop[tag]) tag = j;
    for (let t = length - 1; t >= 0; t--) {
      path[t] = tag;
      tag = back[t * k + tag];
    }
    return path;
  }
}
