import { alive_after, step_row } from './steps';
import { add } from './vector';

/**
 * The best path of each sentence (Viterbi 1967): tags [N]. start, stop [K] and transitions [K × K] (packed by `pack`, so
 * that their columns are read in order) are scores, very low where forbidden. delta [N × Q] and back [N × Q] (i32) are
 * work space, Q = K rounded up to a multiple of 8.
 */
export function viterbi(
  t: i32, steps: usize, k: i32, e: usize, start: usize, transitions: usize, stop: usize,
  delta: usize, back: usize, tags: usize,
): void {
  const rowBytes = (<usize>((k + 7) & ~7)) << 2;
  const bytes = (<usize>k) << 2;
  for (let step = 0; step < t; step++) {
    const first = step_row(steps, step);
    const end = step_row(steps, step + 1);
    const before = step > 0 ? step_row(steps, step - 1) : 0;
    for (let row = first; row < end; row++) {
      const d = delta + <usize>row * rowBytes;
      if (step === 0) memory.copy(d, start, bytes);
      else best_before(k, delta + <usize>(row - first + before) * rowBytes, transitions, d, back + <usize>row * rowBytes);
      add(k, e + <usize>row * bytes, d);
    }
  }
  for (let step = t - 1; step >= 0; step--) {
    const first = step_row(steps, step);
    const end = step_row(steps, step + 1);
    const next = alive_after(t, steps, step);
    for (let b = 0; b < end - first; b++) {
      const row = first + b;
      const tag = b < next
        ? load<i32>(back + <usize>(end + b) * rowBytes + ((<usize>load<i32>(tags + ((<usize>(end + b)) << 2))) << 2))
        : best_end(k, delta + <usize>row * rowBytes, stop);
      store<i32>(tags + ((<usize>row) << 2), tag);
    }
  }
}

/** d[j] = max over i of before[i] + transitions[i][j], and which i is the first to reach it; j in blocks of eight. */
function best_before(k: i32, before: usize, transitions: usize, d: usize, back: usize): void {
  for (let column = 0; column < k; column += 8, d += 32, back += 32) {
    let best0 = f32x4.splat(-Infinity), best1 = f32x4.splat(-Infinity);
    let which0 = i32x4.splat(0), which1 = i32x4.splat(0);
    let from = before;
    for (let i = 0; i < k; i++, from += 4, transitions += 32) {
      const score = v128.load32_splat(from);
      const index = i32x4.splat(i);
      const value0 = f32x4.add(score, v128.load(transitions));
      const value1 = f32x4.add(score, v128.load(transitions, 16));
      which0 = v128.bitselect(index, which0, f32x4.gt(value0, best0));
      which1 = v128.bitselect(index, which1, f32x4.gt(value1, best1));
      best0 = f32x4.max(value0, best0);
      best1 = f32x4.max(value1, best1);
    }
    v128.store(d, best0);
    v128.store(d, best1, 16);
    v128.store(back, which0);
    v128.store(back, which1, 16);
  }
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
