/** Softmax and its cross-entropy with one gold class a row. */
import { exp4 } from './math';
import { get, max_lanes, put } from './simd';

/**
 * y [n × k] = softmax of the rows of x [n × k]; sums [n] = Σ exp(x − shift); shift [n] the largest of the row.
 * log softmax(x)[j] = x[j] − shift − log sum. y may be x.
 */
export function softmax_rows(n: i32, k: i32, x: usize, y: usize, sums: usize, shift: usize): void {
  exp_rows(n, k, x, y, shift);
  for (let i = 0; i < n; i++, sums += 4) {
    let sum: f32 = 0;
    for (let j = 0; j < k; j++) sum += load<f32>(y + ((<usize>j) << 2));
    store<f32>(sums, sum);
    const by = f32x4.splat(<f32>1 / sum);
    const end = y + ((<usize>k) << 2);
    for (; y + 16 <= end; y += 16) put(y, f32x4.mul(get(y, true), by), true);
    for (; y < end; y += 4) put(y, f32x4.mul(get(y, false), by), false);
  }
}

/** out = exp(x − shift), shift the largest of the row. */
function exp_rows(n: i32, k: i32, e: usize, out: usize, shift: usize): void {
  for (let i = 0; i < n; i++, shift += 4) {
    const top = row_max(k, e);
    store<f32>(shift, top);
    const high = f32x4.splat(top);
    let j = 0;
    for (; j + 4 <= k; j += 4, e += 16, out += 16) put(out, exp4(f32x4.sub(get(e, true), high)), true);
    for (; j < k; j++, e += 4, out += 4) put(out, exp4(f32x4.sub(get(e, false), high)), false);
  }
}

/**
 * dy[i] −= the target of row i, which is (1 − smoothing) · [j = tags[i]] + smoothing / k: softmax(x) becomes the gradient of
 * the summed cross-entropy.
 */
export function subtract_target(n: i32, k: i32, tags: usize, smoothing: f32, dy: usize): void {
  const share = smoothing / <f32>k;
  const wide = f32x4.splat(share);
  for (let i = 0; i < n; i++, tags += 4) {
    const at = dy + ((<usize>load<i32>(tags)) << 2);
    store<f32>(at, load<f32>(at) - (<f32>1 - smoothing));
    const end = dy + ((<usize>k) << 2);
    for (; dy + 16 <= end; dy += 16) put(dy, f32x4.sub(get(dy, true), wide), true);
    for (; dy < end; dy += 4) put(dy, f32x4.sub(get(dy, false), wide), false);
  }
}

/** Largest of k floats. */
@inline
export function row_max(k: i32, x: usize): f32 {
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
