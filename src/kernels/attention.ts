/**
 * Self-attention of one sentence of t tokens, every head by itself (Vaswani et al. 2017), and with relative positions as in
 * Transformer-XL (Dai et al. 2019) and TENER (Yan et al. 2019):
 *
 *   s[i][j] = scale · ((q[i] + content) · k[j] + (q[i] + position) · r[j − i]),  p = softmax of the rows of s,  out = p · v
 *
 *   qkv [t × 3HS]  rows `row` floats apart: q, k and v side by side, each of H heads of S columns
 *   content, position [HS]  what is asked for whatever the token is
 *   distances  r of −(longest − 1) … longest − 1 as columns [S × (2 · longest − 1)], packed by `pack`; 0: no positions here
 *   p [H × t × t]  the probabilities, saved for the backward pass; heads are `next` bytes apart
 *   next = 0: no backward pass follows, and p [BLOCK × t] is room for those of a few tokens
 *   rate, key0, key1  dropout of probabilities
 *   work  `attention_work` bytes
 *
 * Query tokens are taken BLOCK at a time, so that what belongs to them stays in the cache however long the sentence is. A block
 * needs the columns of `distances` from those of its last token to those of its first: a row's own are next to each other there.
 */
import { exp_down4 } from './math';
import { matmul } from './matmul';
import { pack, pack_transposed } from './pack';
import { dropout, fork } from './random';
import { get, max_lanes, put, sum_lanes } from './simd';
import { PANEL } from './tiles';

/** A multiple of the tiles of the matrix product. */
export const BLOCK: i32 = 60;

/** Bytes of a matrix whose rows or columns are filled up to whole panels. */
@inline
export function room(rows: i32, columns: i32): usize {
  return (<usize>rows * <usize>((columns + PANEL - 1) & -PANEL)) << 2;
}

/** Bytes of the probabilities where no backward pass follows. */
export function attention_room(t: i32): usize {
  return room(BLOCK, t);
}

/** Bytes of working memory for both passes over a sentence. */
export function attention_work(t: i32, size: i32): usize {
  return room(size, t) + room(t, size) + 2 * room(BLOCK, size) + 2 * room(BLOCK, t) + room(BLOCK, t + BLOCK + PANEL);
}

export function attention_forward(
  t: i32, heads: i32, size: i32, scale: f32,
  qkv: usize, row: i32, content: usize, position: usize, distances: usize, longest: i32,
  rate: f32, key0: i32, key1: i32,
  p: usize, next: usize, out: usize, outRow: i32, work: usize,
): void {
  const bytes = (<usize>size) << 2, rowBytes = (<usize>row) << 2, outBytes = (<usize>outRow) << 2;
  const whole = <usize>heads * bytes;
  const keys = work, values = keys + room(size, t), query = values + room(t, size);
  const dropped = query + room(BLOCK, size), far = dropped + room(BLOCK, t);
  for (let h = 0; h < heads; h++, qkv += bytes, content += bytes, position += bytes, p += next, out += bytes) {
    pack_transposed(size, t, qkv + whole, row, keys);
    pack(t, size, qkv + 2 * whole, row, values);
    for (let first = 0; first < t; first += BLOCK) {
      const rows = min(BLOCK, t - first);
      const q = qkv + <usize>first * rowBytes;
      const scores = next ? p + ((<usize>first * <usize>t) << 2) : p;
      shifted_rows(rows, size, q, row, content, scale, query);
      matmul(rows, t, size, query, size, 1, keys, scores, t, false);
      if (distances) {
        shifted_rows(rows, size, q, row, position, scale, query);
        // From the panel that has the column of the last token's distance to the first one of the sentence.
        const panel = (longest - first - rows) / PANEL;
        const columns = longest - first + t - 1 - panel * PANEL;
        matmul(rows, columns, size, query, size, 1, distances + <usize>(panel * PANEL) * bytes, far, columns, false);
        const own = far + (<usize>(longest - first - 1 - panel * PANEL) << 2);
        for (let i: usize = 0; i < <usize>rows; i++) {
          softmax_sum(t, scores + ((i * <usize>t) << 2), own + ((i * <usize>(columns - 1)) << 2));
        }
      } else {
        for (let i: usize = 0; i < <usize>rows; i++) softmax_sum(t, scores + ((i * <usize>t) << 2), 0);
      }
      let kept = scores;
      if (rate > 0) {
        kept = dropped;
        memory.copy(kept, scores, <usize>(rows * t) << 2);
        drop(rows * t, kept, rate, h, first, key0, key1);
      }
      matmul(rows, size, t, kept, t, 1, values, out + <usize>first * outBytes, outRow, false);
    }
  }
}

/** out [rows × n] = scale · (x + bias), x's rows `xRow` floats apart. */
export function shifted_rows(rows: i32, n: i32, x: usize, xRow: i32, bias: usize, scale: f32, out: usize): void {
  const bytes = (<usize>n) << 2;
  const by = f32x4.splat(scale);
  for (let i = 0; i < rows; i++, x += (<usize>xRow) << 2, out += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      put(out + j, f32x4.mul(f32x4.add(get(x + j, true), get(bias + j, true)), by), true);
    }
    for (; j < bytes; j += 4) store<f32>(out + j, (load<f32>(x + j) + load<f32>(bias + j)) * scale);
  }
}

/** Dropout of n floats in place: those of the block of a head that begins at token `first`. */
export function drop(n: i32, x: usize, rate: f32, head: i32, first: i32, key0: i32, key1: i32): void {
  const keys = fork(head, first, key0, key1);
  dropout(n, x, rate, i32x4.extract_lane(keys, 0), i32x4.extract_lane(keys, 1));
}

/** x = softmax(x + y), n floats; y = 0: of x alone. */
function softmax_sum(n: i32, x: usize, y: usize): void {
  const bytes = (<usize>n) << 2;
  const low = f32x4.splat(-Infinity);
  let most = low;
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    let value = get(x + j, true);
    if (y) {
      value = f32x4.add(value, get(y + j, true));
      put(x + j, value, true);
    }
    most = f32x4.pmax(value, most);
  }
  let top = max_lanes(most);
  for (; j < bytes; j += 4) {
    const value = y ? load<f32>(x + j) + load<f32>(y + j) : load<f32>(x + j);
    store<f32>(x + j, value);
    top = max(top, value);
  }
  let sums = f32x4.splat(0);
  for (j = 0; j + 16 <= bytes; j += 16) {
    const value = exp_down4(f32x4.sub(get(x + j, true), f32x4.splat(top)));
    put(x + j, value, true);
    sums = f32x4.add(sums, value);
  }
  let sum = sum_lanes(sums);
  for (; j < bytes; j += 4) {
    const value = f32x4.extract_lane(exp_down4(f32x4.splat(load<f32>(x + j) - top)), 0);
    store<f32>(x + j, value);
    sum += value;
  }
  const by = f32x4.splat(<f32>1 / sum);
  for (j = 0; j + 16 <= bytes; j += 16) put(x + j, f32x4.mul(get(x + j, true), by), true);
  for (; j < bytes; j += 4) put(x + j, f32x4.mul(get(x + j, false), by), false);
}
