/** The distribution of a chain, a CRF or a softmax, over the allowed tag sequences of every sentence of a batch: exact. */
import { TaggerError } from '../core/errors.js';
import type { Matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';
import { bestPaths, type PathLinks, pathLinks } from './best-paths.js';
import type { Chain } from './chain.js';
import type { Distribution, TagSequence } from './distribution.js';
import { backwardRecursion, forwardRecursion, paddedTags } from './recursions.js';

/** Below e^−700 an emission's share is 0: near the smallest double. */
const LIMIT = 700;

/**
 * P(y | sentence) = exp(start(y₀) + Σ e_t(y_t) + Σ transition(y_t−1, y_t) + stop(y_last)) / Z for allowed sequences y, 0
 * for others. Lives as long as the working memory of its run: until the next pass.
 *
 * The recursions are those of training (Rabiner 1989, V.A), α̂ scaled to sum 1 at every token and β̂ so that
 * Σ α̂ ∘ β̂ = 1, here with exponentials of double precision.
 */
export class ChainDistribution implements Distribution {
  private readonly chain: Chain;
  private readonly batch: Run['batch'];
  private readonly best: Int32Array;
  /** [N × K] */
  private readonly e: Float32Array;
  /** [N × P] α̂, and E ∘ β̂ / scale */
  private readonly alpha: Float64Array;
  private readonly w: Float64Array;
  /** [N] shift + log scale, so that e − shiftScale is the logarithm of E / scale. */
  private readonly shiftScale: Float64Array;
  private links?: PathLinks;

  /** From emissions [N × K] without gaps, the best tags (address of i32 [N]) and the other scores. */
  constructor(e: Matrix, best: number, chain: Chain, run: Run) {
    const { arena, batch } = run;
    const { tokens } = batch;
    const width = paddedTags(chain.k);
    this.chain = chain;
    this.batch = batch;
    const weights = chain.place(run);
    const E = arena.allocate(tokens * width * 8);
    const shift = expRows(e, arena.heap.f32, E, width, arena.heap.f64);
    const forward = forwardRecursion(E, weights, chain.k, run);
    const { w } = backwardRecursion(forward, weights, chain.k, run);
    // Nothing is allocated from here on, so the views stay.
    const { f32, f64, i32 } = arena.heap;
    const doubles = (address: number, count: number) => f64.subarray(address / 8, address / 8 + count);
    this.e = f32.subarray(e.address / 4, e.address / 4 + tokens * chain.k);
    this.best = i32.subarray(best / 4, best / 4 + tokens);
    this.alpha = doubles(forward.alpha, tokens * width);
    this.w = doubles(w, tokens * width);
    const scale = doubles(forward.scale, tokens);
    this.shiftScale = shift.map((value, row) => value + Math.log(scale[row]));
  }

  bestTags(s: number): Int32Array {
    return this.rowsOf(s).map((row) => this.best[row]);
  }

  /**
   * The constrained forward-backward of Culotta and McCallum (2004). With tags y on the tokens i … j,
   *
   *   P = α̂_i(y_i) · Π_{i < t ≤ j} exp(transition(y_t−1, y_t)) · E_t(y_t) / scale_t · β̂_j(y_j)
   *
   * summed as logarithms, which no length makes under- or overflow. As exact as doubles are, as long as the emissions of a
   * token lie within 700 nats.
   */
  probability(s: number, first: number, tags: ArrayLike<number>): number {
    const { k, transitions } = this.chain;
    const width = paddedTags(k);
    const last = tags.length - 1;
    let log = Math.log(this.alpha[this.row(s, first) * width + tags[0]]);
    for (let i = 1; i <= last; i++) {
      log += this.logStep(this.row(s, first + i), tags[i]) + transitions[tags[i - 1] * k + tags[i]];
    }
    // w has the last step and β̂ in it.
    const end = this.row(s, first + last);
    log += Math.log(this.w[end * width + tags[last]]) - this.logStep(end, tags[last]);
    if (Number.isNaN(log)) throw tooFarApart();
    return Math.min(1, Math.exp(log));
  }

  posteriors(s: number, t: number): Float64Array {
    return Float64Array.from({ length: this.chain.k }, (_, tag) => this.probability(s, t, [tag]));
  }

  /**
   * In the order of their scores in floats: of two that differ by a rounding, the less probable may come first.
   */
  nBest(s: number, n: number): TagSequence[] {
    const { k } = this.chain;
    const emissions = Array.from(this.rowsOf(s), (row) => this.e.subarray(row * k, (row + 1) * k));
    this.links ??= pathLinks(this.chain);
    return bestPaths(emissions, this.links, n).map((tags) => ({
      tags,
      probability: this.probability(s, 0, tags),
    }));
  }

  /** log(E / scale) at a row. */
  private logStep(row: number, tag: number): number {
    return this.e[row * this.chain.k + tag] - this.shiftScale[row];
  }

  private row(s: number, t: number): number {
    return this.batch.firstRows[t] + this.batch.rank[s];
  }

  private rowsOf(s: number): Int32Array {
    const { firstRows, rank, length } = this.batch;
    let t = 0;
    while (t < length && firstRows[t] + rank[s] < firstRows[t + 1]) t++;
    return Int32Array.from({ length: t }, (_, i) => this.row(s, i));
  }
}

/** Writes exp(e − shift) in doubles, zeros past K; returns the shifts [N], the largest of each row. */
function expRows(
  { address, rows, cols, stride }: Matrix,
  f32: Float32Array,
  to: number,
  width: number,
  f64: Float64Array,
): Float64Array {
  const shifts = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = address / 4 + row * stride;
    let shift = f32[from];
    for (let j = 1; j < cols; j++) shift = Math.max(shift, f32[from + j]);
    shifts[row] = shift;
    const out = to / 8 + row * width;
    for (let j = 0; j < cols; j++) {
      const below = f32[from + j] - shift;
      f64[out + j] = below < -LIMIT ? 0 : Math.exp(below);
    }
    f64.fill(0, out + cols, out + width);
  }
  return shifts;
}

function tooFarApart(): TaggerError {
  return new TaggerError('E_MODEL', {
    message: 'the scores of the model are too far apart for probabilities',
    expected: `tags of a token within ${LIMIT} nats of each other`,
    hint: 'a model whose training has not diverged',
  });
}
