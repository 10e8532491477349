/** Rows of tables: gather forward, scatter-add backward. An id below 0 is a row of zeros. */
import { get, put } from './simd';
import { add } from './vector';

/**
 * out[i] = row ids[i] for i < n. Rows below `rows` are floats in `table`; the others are half-precision rows of
 * `halves`, counted from 0 there. Rows are `dim` wide; out's rows are `outRow` floats apart.
 */
export function gather(
  n: i32, dim: i32, ids: usize, table: usize, rows: i32, halves: usize, out: usize, outRow: i32,
): void {
  for (let i = 0; i < n; i++, ids += 4, out += (<usize>outRow) << 2) {
    const id = load<i32>(ids);
    if (id < 0) memory.fill(out, 0, (<usize>dim) << 2);
    else if (id < rows) memory.copy(out, table + (<usize>id * <usize>dim << 2), (<usize>dim) << 2);
    else widen(dim, halves + (<usize>(id - rows) * <usize>dim << 1), out);
  }
}

/** Half to single precision: shift the exponent and mantissa into place and rescale by 2¹¹² (exact, subnormals too). */
@inline
function widen(dim: i32, half: usize, out: usize): void {
  const end = half + ((<usize>dim) << 1);
  for (; half + 8 <= end; half += 8, out += 16) put(out, widen4(v128.load16x4_u(half)), true);
  for (; half < end; half += 2, out += 4) put(out, widen4(i32x4.splat(<i32>load<u16>(half))), false);
}

@inline
function widen4(h: v128): v128 {
  const size = i32x4.shl(v128.and(h, i32x4.splat(0x7fff)), 13);
  const sign = i32x4.shl(v128.and(h, i32x4.splat(0x8000)), 16);
  return v128.or(f32x4.mul(size, i32x4.splat(0x77800000)), sign);
}

/** out[i] += row ids[i] of the table for i < n; rows are `dim` wide, those of out `outRow` floats apart. */
export function gather_add(n: i32, dim: i32, ids: usize, table: usize, out: usize, outRow: i32): void {
  for (let i = 0; i < n; i++, ids += 4, out += (<usize>outRow) << 2) {
    const id = load<i32>(ids);
    if (id >= 0) add(dim, table + (<usize>id * <usize>dim << 2), out);
  }
}

/** sums[slots[i]] += dy[i] for i < n; a slot below 0 is passed over. dy's rows are `dyRow` floats apart. */
export function scatter_add(n: i32, dim: i32, slots: usize, dy: usize, dyRow: i32, sums: usize): void {
  for (let i = 0; i < n; i++, slots += 4, dy += (<usize>dyRow) << 2) {
    const slot = load<i32>(slots);
    if (slot < 0) continue;
    let from = dy;
    let to = sums + (<usize>slot * <usize>dim << 2);
    const end = to + ((<usize>dim) << 2);
    for (; to + 16 <= end; to += 16, from += 16) put(to, f32x4.add(get(to, true), get(from, true)), true);
    for (; to < end; to += 4, from += 4) put(to, f32x4.add(get(to, false), get(from, false)), false);
  }
}
