/** Softmax and its cross-entropy with one gold class a row. */
import { exp_rows } from './crf';
import { get, put } from './simd';

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

/** dy[i][tags[i]] −= 1: softmax(x) becomes the gradient of the summed cross-entropy. */
export function subtract_gold(n: i32, k: i32, tags: usize, dy: usize): void {
  for (let i = 0; i < n; i++, tags += 4) {
    const at = dy + ((<usize>(i * k + load<i32>(tags))) << 2);
    store<f32>(at, load<f32>(at) - 1);
  }
}
