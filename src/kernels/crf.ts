/**
 * Linear-chain CRF with start and stop scores (Lafferty et al. 2001), over a ragged time-major batch (see lstm.ts).
 *
 * The recursions run on probabilities, scaled at every token (Rabiner 1989, V.A), so that each time step is one matrix
 * product over the sentences alive: with exp(transitions) = 0 for a forbidden pair, nothing is special about a mask.
 * log Z of a sentence = Σ log scale + Σ shift over its tokens + log z.
 *
 *   e [N × K] emissions; E = exp(e − shift), shift the largest of the row
 *   start, stop [K] exp of the scores; transitions [K × K] from row to column, exp, packed
 *   alpha [N × K] forward probabilities, rows sum to 1; scale [N] their sums before scaling; z [B]
 */

import { exp4 } from './math';
import { matmul } from './matmul';
import { get, max_lanes, put, sum_lanes } from './simd';
import { add } from './vector';

/** Rows: e becomes exp(e − shift). */
export function exp_rows(n: i32, k: i32, e: usize, out: usize, shift: usize): void {
  for (let i = 0; i < n; i++, shift += 4) {
    const top = row_max(k, e);
    store<f32>(shift, top);
    const high = f32x4.splat(top);
    let j = 0;
    for (; j + 4 <= k; j += 4, e += 16, out += 16) put(out, exp4(f32x4.sub(get(e, true), high)), true);
    for (; j < k; j++, e += 4, out += 4) put(out, exp4(f32x4.sub(get(e, false), high)), false);
  }
}

@inline
function row_max(k: i32, x: usize): f32 {
  let best: f32 = load<f32>(x);
  const end = x + ((<usize>k) << 2);
  if (k >= 4) {
    let most = v128.load(x);
    for (x += 16; x + 16 <= end; x += 16) most = f32x4.max(most, v128.load(x));
    best = max_lanes(most);
  }
  for (; x < end; x += 4) best = max(best, load<f32>(x));
  return best;
}

/** y = x ∘ y; returns the sum. */
@inline
function multiply_sum(k: i32, x: usize, y: usize): f32 {
  let sum = f32x4.splat(0);
  const end = y + ((<usize>k) << 2);
  for (; y + 16 <= end; x += 16, y += 16) {
    const product = f32x4.mul(get(x, true), get(y, true));
    put(y, product, true);
    sum = f32x4.add(sum, product);
  }
  let total = sum_lanes(sum);
  for (; y < end; x += 4, y += 4) {
    const product = load<f32>(x) * load<f32>(y);
    store<f32>(y, product);
    total += product;
  }
  return total;
}

@inline
function multiply(k: i32, x: usize, factor: f32): void {
  const by = f32x4.splat(factor);
  const end = x + ((<usize>k) << 2);
  for (; x + 16 <= end; x += 16) put(x, f32x4.mul(get(x, true), by), true);
  for (; x < end; x += 4) put(x, f32x4.mul(get(x, false), by), false);
}

export function crf_forward(
  t: i32, steps: usize, k: i32, start: usize, transitions: usize, stop: usize, E: usize,
  alpha: usize, scale: usize, z: usize,
): void {
  const bytes = (<usize>k) << 2;
  for (let step = 0; step < t; step++) {
    const first = load<i32>(steps + ((<usize>step) << 2));
    const end = load<i32>(steps + ((<usize>step) << 2), 4);
    if (step > 0) {
      const before = load<i32>(steps + ((<usize>step) << 2) - 4);
      matmul(end - first, k, k, alpha + <usize>before * bytes, k, 1, transitions, alpha + <usize>first * bytes, k, false);
    }
    for (let row = first; row < end; row++) {
      const a = alpha + <usize>row * bytes;
      if (step === 0) memory.copy(a, start, bytes);
      const sum = multiply_sum(k, E + <usize>row * bytes, a);
      multiply(k, a, <f32>1 / sum);
      store<f32>(scale + ((<usize>row) << 2), sum);
    }
    // Sentences whose last token this is.
    const next = step + 1 < t ? load<i32>(steps + ((<usize>step) << 2), 8) - end : 0;
    for (let b = next; b < end - first; b++) {
      store<f32>(z + ((<usize>b) << 2), dot(k, alpha + <usize>(first + b) * bytes, stop));
    }
  }
}

function dot(k: i32, x: usize, y: usize): f32 {
  let sum: f32 = 0;
  for (let j = 0; j < k; j++, x += 4, y += 4) sum += load<f32>(x) * load<f32>(y);
  return sum;
}

/**
 * posteriors [N × K] = P(tag | sentence); w [N × K] = E ∘ beta / scale, so that the expected count of a transition is
 * exp(transition) · Σ alpha' · w over the tokens but the first of each sentence. `transposed` is exp(transitions)ᵀ, packed.
 */
export function crf_backward(
  t: i32, steps: usize, k: i32, transposed: usize, stop: usize, E: usize,
  alpha: usize, scale: usize, z: usize, posteriors: usize, w: usize,
): void {
  const bytes = (<usize>k) << 2;
  for (let step = t - 1; step >= 0; step--) {
    const first = load<i32>(steps + ((<usize>step) << 2));
    const end = load<i32>(steps + ((<usize>step) << 2), 4);
    const next = step + 1 < t ? load<i32>(steps + ((<usize>step) << 2), 8) - end : 0;
    // beta, in place of the posteriors.
    if (next > 0) {
      matmul(next, k, k, w + <usize>end * bytes, k, 1, transposed, posteriors + <usize>first * bytes, k, false);
    }
    for (let row = first; row < end; row++) {
      const beta = posteriors + <usize>row * bytes;
      if (row - first >= next) {
        memory.copy(beta, stop, bytes);
        multiply(k, beta, <f32>1 / load<f32>(z + ((<usize>(row - first)) << 2)));
      }
      const weight = w + <usize>row * bytes;
      memory.copy(weight, beta, bytes);
      multiply_sum(k, E + <usize>row * bytes, weight);
      multiply(k, weight, <f32>1 / load<f32>(scale + ((<usize>row) << 2)));
      multiply_sum(k, alpha + <usize>row * bytes, beta);
    }
  }
}

/**
 * The score of the gold path of each sentence, and minus its counts added to the gradients: loss = log Z − gold.
 * tags [N]; e, start, transitions, stop are scores here (not exp). gold [B] of f64.
 */
export function crf_gold(
  t: i32, steps: usize, k: i32, tags: usize, e: usize, start: usize, transitions: usize, stop: usize,
  dE: usize, dStart: usize, dTransitions: usize, dStop: usize, gold: usize,
): void {
  for (let step = 0; step < t; step++) {
    const first = load<i32>(steps + ((<usize>step) << 2));
    const end = load<i32>(steps + ((<usize>step) << 2), 4);
    const next = step + 1 < t ? load<i32>(steps + ((<usize>step) << 2), 8) - end : 0;
    const before = step > 0 ? load<i32>(steps + ((<usize>step) << 2) - 4) : 0;
    for (let b = 0; b < end - first; b++) {
      const row = first + b;
      const tag = load<i32>(tags + ((<usize>row) << 2));
      const sum = gold + ((<usize>b) << 3);
      let score: f64 = step === 0 ? 0 : load<f64>(sum);
      score += count(e, dE, row * k + tag);
      if (step === 0) score += count(start, dStart, tag);
      else score += count(transitions, dTransitions, load<i32>(tags + ((<usize>(before + b)) << 2)) * k + tag);
      if (b >= next) score += count(stop, dStop, tag);
      store<f64>(sum, score);
    }
  }
}

/** The score at an index, whose gradient loses 1. */
@inline
function count(scores: usize, gradient: usize, index: i32): f64 {
  const at = (<usize>index) << 2;
  store<f32>(gradient + at, load<f32>(gradient + at) - 1);
  return <f64>load<f32>(scores + at);
}

/**
 * The best path of each sentence (Viterbi 1967): tags [N]. start, transitions, stop are scores, very low where
 * forbidden. delta [N × K] and back [N × K] (i32) are work space.
 */
export function viterbi(
  t: i32, steps: usize, k: i32, e: usize, start: usize, transitions: usize, stop: usize,
  delta: usize, back: usize, tags: usize,
): void {
  const bytes = (<usize>k) << 2;
  for (let step = 0; step < t; step++) {
    const first = load<i32>(steps + ((<usize>step) << 2));
    const end = load<i32>(steps + ((<usize>step) << 2), 4);
    const before = step > 0 ? load<i32>(steps + ((<usize>step) << 2) - 4) : 0;
    for (let row = first; row < end; row++) {
      const d = delta + <usize>row * bytes;
      if (step === 0) memory.copy(d, start, bytes);
      else viterbi_step(k, delta + <usize>(row - first + before) * bytes, transitions, d, back + <usize>row * bytes);
      add(k, e + <usize>row * bytes, d);
    }
  }
  for (let step = t - 1; step >= 0; step--) {
    const first = load<i32>(steps + ((<usize>step) << 2));
    const end = load<i32>(steps + ((<usize>step) << 2), 4);
    const next = step + 1 < t ? load<i32>(steps + ((<usize>step) << 2), 8) - end : 0;
    for (let b = 0; b < end - first; b++) {
      const row = first + b;
      const tag = b < next
        ? load<i32>(back + <usize>(end + b) * bytes + ((<usize>load<i32>(tags + ((<usize>(end + b)) << 2))) << 2))
        : best_end(k, delta + <usize>row * bytes, stop);
      store<i32>(tags + ((<usize>row) << 2), tag);
    }
  }
}

/** d[j] = max over i of before[i] + transitions[i][j], and which i. */
function viterbi_step(k: i32, before: usize, transitions: usize, d: usize, back: usize): void {
  let j = 0;
  for (; j + 4 <= k; j += 4) best_before(k, before, transitions + ((<usize>j) << 2), d + ((<usize>j) << 2), back + ((<usize>j) << 2), true);
  for (; j < k; j++) best_before(k, before, transitions + ((<usize>j) << 2), d + ((<usize>j) << 2), back + ((<usize>j) << 2), false);
}

@inline
function best_before(k: i32, before: usize, transitions: usize, d: usize, back: usize, wide: bool): void {
  const bytes = (<usize>k) << 2;
  let best = f32x4.add(v128.load32_splat(before), get(transitions, wide));
  let which = i32x4.splat(0);
  for (let i = 1; i < k; i++) {
    before += 4;
    transitions += bytes;
    const value = f32x4.add(v128.load32_splat(before), get(transitions, wide));
    const better = f32x4.gt(value, best);
    best = f32x4.max(value, best);
    which = v128.bitselect(i32x4.splat(i), which, better);
  }
  put(d, best, wide);
  put(back, which, wide);
}

@inline
function best_end(k: i32, delta: usize, stop: usize): i32 {
  let best = load<f32>(delta) + load<f32>(stop);
  let which = 0;
  for (let j = 1; j < k; j++) {
    const value = load<f32>(delta + ((<usize>j) << 2)) + load<f32>(stop + ((<usize>j) << 2));
    if (value > best) {
      best = value;
      which = j;
    }
  }
  return which;
}
