/**
 * Linear-chain CRF with start and stop scores (Lafferty et al. 2001), over a ragged time-major batch (see lstm.ts).
 *
 * The recursions run on probabilities, scaled at every token (Rabiner 1989, V.A), so that each time step is one matrix
 * product over the sentences alive: with exp(transition) = 0 for a forbidden pair, nothing is special about a mask. They
 * run in double precision, since a path that is 90 nats behind at one token, but the only one allowed in the end, would
 * vanish in floats; here the limit is 700 nats.
 * log Z of a sentence = Σ log scale + Σ shift over its tokens + log z.
 *
 * Arrays over tags are doubles, P wide: K rounded up to a multiple of 4, zeros past K.
 *   E [N × P] exp(emission − shift), shift [N] the largest of the row (float)
 *   start, stop [P], transitions [P × P] from row to column: exp of the scores; transitions in panels (see matmul64.ts)
 *   alpha [N × P] forward probabilities, rows sum to 1; scale [N] their sums before scaling; z [B]
 */
import { matmul64, pack64 } from './matmul64';
import { exp_wide } from './math';
import { alive_after, step_row } from './steps';
import { row_max } from './softmax';

@inline
function padded(k: i32): i32 {
  return (k + 3) & ~3;
}

/** Place of row i, column j of a packed [P × P] matrix of doubles. */
@inline
function at_panel(p: i32, i: i32, j: i32): usize {
  return (<usize>(((j >> 2) * p + i) * 4 + (j & 3))) << 3;
}

/** out [P × P] = exp(scores [K × K]), packed; transposed likewise. Both must hold zeros on entry. */
export function crf_weights(k: i32, scores: usize, out: usize, transposed: usize): void {
  const p = padded(k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++, scores += 4) {
      const weight = f64x2.extract_lane(exp_wide(v128.load32_zero(scores)), 0);
      store<f64>(out + at_panel(p, i, j), weight);
      store<f64>(transposed + at_panel(p, j, i), weight);
    }
  }
}

/** out [n × P] = exp(e − shift) for the rows of e [n × K]. */
export function exp_rows_wide(n: i32, k: i32, e: usize, out: usize, shift: usize): void {
  const p = padded(k);
  for (let i = 0; i < n; i++, shift += 4) {
    const top = row_max(k, e);
    store<f32>(shift, top);
    const high = f32x4.splat(top);
    for (let j = 0; j < k; j++, e += 4, out += 8) {
      if (j + 2 <= k) {
        v128.store(out, exp_wide(f32x4.sub(v128.load64_zero(e), high)));
        j++;
        e += 4;
        out += 8;
      } else v128.store_lane<f64>(out, exp_wide(f32x4.sub(v128.load32_zero(e), high)), 0);
    }
    for (let j = k; j < p; j++, out += 8) store<f64>(out, 0);
  }
}

/** y = x ∘ y; returns the sum. */
@inline
function multiply_sum(p: i32, x: usize, y: usize): f64 {
  let sum = f64x2.splat(0);
  for (const end = y + ((<usize>p) << 3); y < end; x += 16, y += 16) {
    const product = f64x2.mul(v128.load(x), v128.load(y));
    v128.store(y, product);
    sum = f64x2.add(sum, product);
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function multiply(p: i32, x: usize, factor: f64): void {
  const by = f64x2.splat(factor);
  for (const end = x + ((<usize>p) << 3); x < end; x += 16) v128.store(x, f64x2.mul(v128.load(x), by));
}

@inline
function dot(p: i32, x: usize, y: usize): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < p; j++, x += 8, y += 8) sum += load<f64>(x) * load<f64>(y);
  return sum;
}

export function crf_forward(
  t: i32, steps: usize, k: i32, start: usize, transitions: usize, stop: usize, E: usize,
  alpha: usize, scale: usize, z: usize,
): void {
  const p = padded(k);
  const bytes = (<usize>p) << 3;
  for (let step = 0; step < t; step++) {
    const first = step_row(steps, step);
    const end = step_row(steps, step + 1);
    if (step > 0) {
      const before = step_row(steps, step - 1);
      matmul64(end - first, p, p, alpha + <usize>before * bytes, p, 1, transitions, alpha + <usize>first * bytes, p);
    }
    for (let row = first; row < end; row++) {
      const a = alpha + <usize>row * bytes;
      if (step === 0) memory.copy(a, start, bytes);
      const sum = multiply_sum(p, E + <usize>row * bytes, a);
      multiply(p, a, 1 / sum);
      store<f64>(scale + ((<usize>row) << 3), sum);
    }
    // Sentences whose last token this is.
    for (let b = alive_after(t, steps, step); b < end - first; b++) {
      store<f64>(z + ((<usize>b) << 3), dot(p, alpha + <usize>(first + b) * bytes, stop));
    }
  }
}

/**
 * posteriors [N × K] (floats) = P(tag | sentence); w [N × P] = E ∘ beta / scale, so that the expected count of a
 * transition is exp(transition) · Σ alpha' · w over the tokens but the first of each sentence (`crf_counts`).
 * `transposed` [P × P] is that of transitions; beta [B × P] is work space.
 */
export function crf_backward(
  t: i32, steps: usize, k: i32, transposed: usize, stop: usize, E: usize,
  alpha: usize, scale: usize, z: usize, beta: usize, posteriors: usize, w: usize,
): void {
  const p = padded(k);
  const bytes = (<usize>p) << 3;
  for (let step = t - 1; step >= 0; step--) {
    const first = step_row(steps, step);
    const end = step_row(steps, step + 1);
    const next = alive_after(t, steps, step);
    if (next > 0) matmul64(next, p, p, w + <usize>end * bytes, p, 1, transposed, beta, p);
    for (let row = first; row < end; row++) {
      const at = beta + <usize>(row - first) * bytes;
      if (row - first >= next) {
        memory.copy(at, stop, bytes);
        multiply(p, at, 1 / load<f64>(z + ((<usize>(row - first)) << 3)));
      }
      const weight = w + <usize>row * bytes;
      memory.copy(weight, at, bytes);
      multiply_sum(p, E + <usize>row * bytes, weight);
      multiply(p, weight, 1 / load<f64>(scale + ((<usize>row) << 3)));
      const from = alpha + <usize>row * bytes, to = posteriors + (<usize>(row * k) << 2);
      for (let j: usize = 0; j < <usize>k; j++) {
        store<f32>(to + (j << 2), <f32>(load<f64>(from + (j << 3)) * load<f64>(at + (j << 3))));
      }
    }
  }
}

/**
 * counts [K × K] (floats) += the expected transitions of the batch; before [N × P] and sums [(P + N) × P] are work space.
 */
export function crf_counts(
  t: i32, steps: usize, k: i32, transitions: usize, alpha: usize, w: usize,
  before: usize, sums: usize, counts: usize,
): void {
  if (t < 2) return;
  const p = padded(k);
  const bytes = (<usize>p) << 3;
  const first = step_row(steps, 1);
  const rows = step_row(steps, t) - first;
  // alpha of the token before, beside w of the token.
  for (let step = 1; step < t; step++) {
    const row = step_row(steps, step);
    const size = <usize>(step_row(steps, step + 1) - row) * bytes;
    memory.copy(before + <usize>row * bytes, alpha + <usize>step_row(steps, step - 1) * bytes, size);
  }
  const factor = sums + <usize>p * bytes;
  pack64(rows, p, w + <usize>first * bytes, p, factor);
  matmul64(k, p, rows, before + <usize>first * bytes, 1, p, factor, sums, p);
  for (let i = 0; i < k; i++, sums += bytes) {
    for (let j = 0; j < k; j++, counts += 4) {
      const expected = load<f64>(transitions + at_panel(p, i, j)) * load<f64>(sums + ((<usize>j) << 3));
      store<f32>(counts, load<f32>(counts) + <f32>expected);
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
    const first = step_row(steps, step);
    const end = step_row(steps, step + 1);
    const next = alive_after(t, steps, step);
    const before = step > 0 ? step_row(steps, step - 1) : 0;
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
