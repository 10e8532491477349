/**
 * The forward and backward recursions of a chain for one sentence (Lafferty et al. 2001), on probabilities in doubles, scaled at
 * every token (Rabiner 1989, V.A). A pair of tags that is not allowed has weight 0.
 */
import type { AllowedTransitions } from '../../text/schemes.js';

export class Chain {
  private readonly k: number;
  private readonly start: Float64Array;
  private readonly stop: Float64Array;
  /** [K × K] Exponentials of the scores of pairs, from row to column, and transposed. */
  private readonly weights: Float64Array;
  private readonly columns: Float64Array;
  /** [T × K] exp(emission − shift) and the forward probabilities; [T] one by their sums before scaling. */
  private readonly E: Float64Array;
  private readonly alpha: Float64Array;
  private readonly scale: Float64Array;
  /** [K] */
  private readonly beta: Float64Array;
  private readonly w: Float64Array;
  private readonly pairs: AllowedTransitions['pairs'];

  /** For sentences of up to `longest` tokens. */
  constructor(k: number, longest: number, { start, pairs, end }: AllowedTransitions) {
    this.k = k;
    this.pairs = pairs;
    this.start = Float64Array.from(start, Number);
    this.stop = Float64Array.from(end, Number);
    const [square, rows] = [k * k, longest * k].map((count) => () => new Float64Array(count));
    [this.weights, this.columns] = [square(), square()];
    [this.E, this.alpha] = [rows(), rows()];
    this.scale = new Float64Array(longest);
    [this.beta, this.w] = [new Float64Array(k), new Float64Array(k)];
  }

  /** Scores of pairs [K × K], from row to column. */
  setPairs(scores: Float64Array): void {
    const { k, weights, columns, pairs } = this;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        const weight = pairs[i][j] ? Math.exp(scores[i * k + j]) : 0;
        weights[i * k + j] = weight;
        columns[j * k + i] = weight;
      }
    }
  }

  /**
   * log Z of a sentence of at least one token. Its rows [T × K] of `rows`, from row `first` on, hold the emissions, and then the
   * posteriors in their place. counts [K × K] grow by the expected pairs of tags, each divided by its weight: see `addExpected`.
   */
  run(rows: Float64Array, first: number, length: number, counts: Float64Array): number {
    const logZ = this.forward(rows, first * this.k, length);
    this.backward(rows, first * this.k, length, counts);
    return logZ;
  }

  /** expected [K × K] += weights ∘ counts. */
  addExpected(counts: Float64Array, expected: Float64Array): void {
    for (let i = 0; i < counts.length; i++) expected[i] += this.weights[i] * counts[i];
  }

  private forward(rows: Float64Array, from: number, length: number): number {
    const { k, start, stop, columns, E, alpha, scale } = this;
    let logZ = 0;
    for (let t = 0; t < length; t++) {
      const at = t * k;
      let shift = rows[from + at];
      for (let j = 1; j < k; j++) if (rows[from + at + j] > shift) shift = rows[from + at + j];
      let sum = 0;
      for (let j = 0; j < k; j++) {
        let before = start[j];
        if (t > 0) {
          before = 0;
          for (let i = 0; i < k; i++) before += alpha[at - k + i] * columns[j * k + i];
        }
        const weight = Math.exp(rows[from + at + j] - shift);
        E[at + j] = weight;
        alpha[at + j] = before * weight;
        sum += before * weight;
      }
      scale[t] = 1 / sum;
      for (let j = 0; j < k; j++) alpha[at + j] *= scale[t];
      logZ += shift + Math.log(sum);
    }
    let z = 0;
    for (let j = 0; j < k; j++) z += alpha[(length - 1) * k + j] * stop[j];
    for (let j = 0; j < k; j++) this.beta[j] = stop[j] / z;
    return logZ + Math.log(z);
  }

  private backward(rows: Float64Array, from: number, length: number, counts: Float64Array): void {
    const { k, weights, E, alpha, scale, beta, w } = this;
    for (let t = length - 1; ; t--) {
      const at = t * k;
      for (let j = 0; j < k; j++) {
        rows[from + at + j] = alpha[at + j] * beta[j];
        w[j] = E[at + j] * beta[j] * scale[t];
      }
      if (t === 0) return;
      for (let i = 0; i < k; i++) {
        const before = alpha[at - k + i];
        let sum = 0;
        for (let j = 0; j < k; j++) {
          sum += weights[i * k + j] * w[j];
          counts[i * k + j] += before * w[j];
        }
        beta[i] = sum;
      }
    }
  }
}
