/**
 * The forward and backward recursions of a chain for one sentence (Lafferty et al. 2001), on probabilities in doubles, scaled at
 * every token (Rabiner 1989, V.A). Only pairs of tags that are allowed are visited: a third of all where there are many labels.
 */
import type { AllowedTransitions } from '../../text/schemes.js';

/** For each tag the allowed ones on the other side: those of tag i are others[starts[i]] … others[starts[i + 1] − 1]. */
interface Neighbours {
  readonly starts: Int32Array;
  readonly others: Int32Array;
  /** Exponentials of the scores of the pairs. */
  readonly weights: Float64Array;
}

export class Chain {
  private readonly k: number;
  private readonly start: Float64Array;
  private readonly stop: Float64Array;
  private readonly before: Neighbours;
  private readonly after: Neighbours;
  /** [T × K] exp(emission − shift) and the forward probabilities; [T] one by their sums before scaling. */
  private readonly E: Float64Array;
  private readonly alpha: Float64Array;
  private readonly scale: Float64Array;
  /** [K] */
  private readonly beta: Float64Array;
  private readonly w: Float64Array;

  /** For sentences of up to `longest` tokens. */
  constructor(k: number, longest: number, { start, pairs, end }: AllowedTransitions) {
    this.k = k;
    this.start = Float64Array.from(start, Number);
    this.stop = Float64Array.from(end, Number);
    this.before = neighbours(k, (tag, other) => pairs[other][tag]);
    this.after = neighbours(k, (tag, other) => pairs[tag][other]);
    [this.E, this.alpha] = [new Float64Array(longest * k), new Float64Array(longest * k)];
    this.scale = new Float64Array(longest);
    [this.beta, this.w] = [new Float64Array(k), new Float64Array(k)];
  }

  /** How many pairs are allowed: the counts that `run` wants. */
  get pairs(): number {
    return this.after.others.length;
  }

  /** Scores of pairs [K × K], from row to column. */
  setPairs(scores: Float64Array): void {
    const { k, before, after } = this;
    for (let tag = 0; tag < k; tag++) {
      for (let p = before.starts[tag]; p < before.starts[tag + 1]; p++) {
        before.weights[p] = Math.exp(scores[before.others[p] * k + tag]);
      }
      for (let p = after.starts[tag]; p < after.starts[tag + 1]; p++) {
        after.weights[p] = Math.exp(scores[tag * k + after.others[p]]);
      }
    }
  }

  /**
   * log Z of a sentence of at least one token. Its rows [T × K] of `rows`, from row `first` on, hold the emissions, and then the
   * posteriors in their place. `counts` [pairs] grow by the expected pairs of tags, each divided by its weight: see `addExpected`.
   */
  run(rows: Float64Array, first: number, length: number, counts: Float64Array): number {
    const logZ = this.forward(rows, first * this.k, length);
    this.backward(rows, first * this.k, length, counts);
    return logZ;
  }

  /** expected [K × K] += the counts of `run`, times their weights. */
  addExpected(counts: Float64Array, expected: Float64Array): void {
    const { k, after } = this;
    for (let tag = 0; tag < k; tag++) {
      for (let p = after.starts[tag]; p < after.starts[tag + 1]; p++) {
        expected[tag * k + after.others[p]] += after.weights[p] * counts[p];
      }
    }
  }

  private forward(rows: Float64Array, from: number, length: number): number {
    const { k, start, stop, E, alpha, scale } = this;
    const { starts, others, weights } = this.before;
    let logZ = 0;
    for (let t = 0; t < length; t++) {
      const at = t * k;
      let shift = rows[from + at];
      for (let j = 1; j < k; j++) if (rows[from + at + j] > shift) shift = rows[from + at + j];
      let sum = 0;
      for (let j = 0; j < k; j++) {
        let before = 0;
        if (t === 0) before = start[j];
        else
          for (let p = starts[j], end = starts[j + 1]; p < end; p++)
            before += alpha[at - k + others[p]] * weights[p];
        const weight = Math.exp(rows[from + at + j] - shift);
        E[at + j] = weight;
        alpha[at + j] = before * weight;
        sum += before * weight;
      }
      const by = 1 / sum;
      scale[t] = by;
      for (let j = 0; j < k; j++) alpha[at + j] *= by;
      logZ += shift + Math.log(sum);
    }
    let z = 0;
    for (let j = 0; j < k; j++) z += alpha[(length - 1) * k + j] * stop[j];
    for (let j = 0; j < k; j++) this.beta[j] = stop[j] / z;
    return logZ + Math.log(z);
  }

  private backward(rows: Float64Array, from: number, length: number, counts: Float64Array): void {
    const { k, E, alpha, scale, beta, w } = this;
    const { starts, others, weights } = this.after;
    for (let t = length - 1; ; t--) {
      const at = t * k;
      const by = scale[t];
      for (let j = 0; j < k; j++) {
        rows[from + at + j] = alpha[at + j] * beta[j];
        w[j] = E[at + j] * beta[j] * by;
      }
      if (t === 0) return;
      for (let i = 0; i < k; i++) {
        const before = alpha[at - k + i];
        let sum = 0;
        for (let p = starts[i], end = starts[i + 1]; p < end; p++) {
          const behind = w[others[p]];
          sum += weights[p] * behind;
          counts[p] += before * behind;
        }
        beta[i] = sum;
      }
    }
  }
}

function neighbours(k: number, isAllowed: (tag: number, other: number) => boolean): Neighbours {
  const tags = Array.from({ length: k }, (_, tag) => tag);
  const lists = tags.map((tag) => tags.filter((other) => isAllowed(tag, other)));
  const starts = new Int32Array(k + 1);
  lists.forEach(({ length }, tag) => {
    starts[tag + 1] = starts[tag] + length;
  });
  const others = Int32Array.from(lists.flat());
  return { starts, others, weights: new Float64Array(others.length) };
}
