/**
 * The backward pass of self-attention (see attention.ts), which has the meaning and the layout of all that is not named here.
 *
 *   distances  the same vectors as rows [(2 · longest − 1) × S], packed by `pack`
 *   dOut [t × HS]  the gradient of out, rows `dOutRow` apart
 *   dqkv [t × 3HS]  = that of qkv, rows `dRow` apart
 *   dContent, dPosition [HS]  += those of content and position
 *
 * With ds = scale · p ∘ (dp − Σ dp · p), dp = dOut · vᵀ: dq = ds · k + dr · r, dk = dsᵀ · (q + content), dv = pᵀ · dOut. dr is ds by
 * distance instead of token: every row one place further to the left than the row before.
 */
import { BLOCK, drop, room, shifted_rows } from './attention';
import { matmul } from './matmul';
import { pack, pack_transposed } from './pack';
import { get, madd, put, sum_lanes } from './simd';
import { PANEL } from './tiles';
import { add, add_columns } from './vector';

export function attention_backward(
  t: i32, heads: i32, size: i32, scale: f32,
  qkv: usize, row: i32, content: usize, distances: usize, longest: i32,
  rate: f32, key0: i32, key1: i32,
  p: usize, next: usize, dOut: usize, dOutRow: i32, dqkv: usize, dRow: i32, dContent: usize, dPosition: usize, work: usize,
): void {
  const bytes = (<usize>size) << 2, rowBytes = (<usize>row) << 2, dBytes = (<usize>dRow) << 2;
  const whole = <usize>heads * bytes;
  const values = work, keys = values + room(size, t), query = keys + room(t, size);
  const right = query + room(BLOCK, size), dropped = right + room(BLOCK, size);
  const ds = dropped + room(BLOCK, t), far = ds + room(BLOCK, t);
  for (let h = 0; h < heads; h++, qkv += bytes, dOut += bytes, dqkv += bytes, p += next) {
    pack_transposed(size, t, qkv + 2 * whole, row, values);
    pack(t, size, qkv + whole, row, keys);
    for (let first = 0; first < t; first += BLOCK) {
      const rows = min(BLOCK, t - first);
      const d = dOut + ((<usize>first * <usize>dOutRow) << 2);
      const dq = dqkv + <usize>first * dBytes;
      const chances = p + ((<usize>first * <usize>t) << 2);
      const isLater = first > 0;

      let kept = chances;
      if (rate > 0) {
        kept = dropped;
        memory.copy(kept, chances, <usize>(rows * t) << 2);
        drop(rows * t, kept, rate, h, first, key0, key1);
      }
      pack(rows, size, d, dOutRow, right);
      matmul(t, size, rows, kept, 1, t, right, dqkv + 2 * whole, dRow, isLater);

      matmul(rows, t, size, d, dOutRow, 1, values, ds, t, false);
      if (rate > 0) drop(rows * t, ds, rate, h, first, key0, key1);
      softmax_rows_backward(rows, t, chances, scale, ds);

      matmul(rows, size, t, ds, t, 1, keys, dq, dRow, false);
      add_columns(rows, size, dq, dRow, dContent + <usize>h * bytes);
      shifted_rows(rows, size, qkv + <usize>first * rowBytes, row, content + <usize>h * bytes, 1, query);
      pack(rows, size, query, size, right);
      matmul(t, size, rows, ds, 1, t, right, dqkv + whole, dRow, isLater);

      if (distances) {
        by_distance(rows, t, ds, far);
        // The rows of `distances` that this block has to do with are a part of each of its panels.
        const columns = rows + t - 1, panel = (<usize>(2 * longest - 1)) << 5;
        let from = distances + ((<usize>(longest - first - rows)) << 5);
        for (let j = 0; j < size; j += PANEL, from += panel) {
          const to = query + ((<usize>j) << 2);
          matmul(rows, min(PANEL, size - j), columns, far, columns, 1, from, to, size, false);
        }
        add_columns(rows, size, query, size, dPosition + <usize>h * bytes);
        for (let i: usize = 0; i < <usize>rows; i++) add(size, query + i * bytes, dq + i * dBytes);
      }
    }
  }
}

/** d [m × n], the gradient of p, becomes scale · that of the scores whose softmax p is. */
function softmax_rows_backward(m: i32, n: i32, p: usize, scale: f32, d: usize): void {
  const bytes = (<usize>n) << 2;
  const by = f32x4.splat(scale);
  for (let i = 0; i < m; i++, p += bytes, d += bytes) {
    let sum = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) sum = madd(get(p + j, true), get(d + j, true), sum);
    for (; j < bytes; j += 4) sum = madd(get(p + j, false), get(d + j, false), sum);
    const mean = f32x4.splat(sum_lanes(sum));
    for (j = 0; j + 16 <= bytes; j += 16) score_backward(p + j, d + j, mean, by, true);
    for (; j < bytes; j += 4) score_backward(p + j, d + j, mean, by, false);
  }
}

@inline
function score_backward(p: usize, d: usize, mean: v128, scale: v128, wide: bool): void {
  put(d, f32x4.mul(f32x4.mul(get(p, wide), scale), f32x4.sub(get(d, wide), mean)), wide);
}

/** out [m × (m + n − 1)] = the rows of x [m × n], the last one at the left, every row before it one place further right, and zeros. */
function by_distance(m: i32, n: i32, x: usize, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, x += bytes) {
    const left = (<usize>(m - 1 - i)) << 2, right = (<usize>i) << 2;
    memory.fill(out, 0, left);
    memory.copy(out + left, x, bytes);
    memory.fill(out + left + bytes, 0, right);
    out += left + bytes + right;
  }
}
