/**
 * C = A · B or C += A · B, with B packed in panels of eight columns.
 *
 *   A [m × k]  any strides in floats (`aRow` from row to row, `aCol` from column to column): a transposed A costs nothing
 *   B [k × n]  packed by `pack` or `pack_transposed`: panel p holds columns 8p…8p+7, row after row, zeros past n
 *   C [m × n]  rows `cRow` floats apart
 *
 * Tiles of 1 to 6 rows by 8 columns keep their sums in registers. One row alone would wait for the latency of the
 * multiply-add, so one row takes five panels at a time, and two rows take two. All that is not the loop over k stays
 * out of its way: whatever makes V8 spill a sum once, after the loop too, makes it store that sum in every turn (6 rows:
 * 40 instead of 57 GFLOP/s). So tiles begin by loading C through a mask and end with plain stores, eight columns wide
 * even in a partial panel: there the packed zeros leave the neighbours what they were (if A is finite). The 28 bytes
 * behind C must exist. For the same reason the tiles are exported: the optimizer would inline them all into one function.
 */
import { madd } from './simd';

const PANEL: i32 = 8;

/** Packs row-major B [k × n] with rows `bRow` floats apart. */
export function pack(k: i32, n: i32, b: usize, bRow: i32, packed: usize): void {
  const stride = <usize>bRow << 2;
  let out = packed;
  for (let column = 0; column < n; column += PANEL) {
    let row = b + ((<usize>column) << 2);
    const width = min(PANEL, n - column);
    for (let i = 0; i < k; i++, row += stride, out += 32) {
      if (width === PANEL) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      } else {
        v128.store(out, f32x4.splat(0));
        v128.store(out, f32x4.splat(0), 16);
        for (let j = 0; j < width; j++) {
          store<f32>(out + ((<usize>j) << 2), load<f32>(row + ((<usize>j) << 2)));
        }
      }
    }
  }
}

/** Packs the transpose of row-major S [n × k] (so B = Sᵀ) with rows `sRow` floats apart. */
export function pack_transposed(k: i32, n: i32, s: usize, sRow: i32, packed: usize): void {
  const stride = <usize>sRow << 2;
  let out = packed;
  for (let column = 0; column < n; column += PANEL, out += (<usize>k) << 5) {
    const first = s + <usize>column * stride;
    const width = min(PANEL, n - column);
    if (width === PANEL) {
      transpose_4(k, first, stride, out);
      transpose_4(k, first + 4 * stride, stride, out + 16);
    } else {
      for (let i = 0; i < k; i++) {
        const to = out + ((<usize>i) << 5);
        for (let j = 0; j < PANEL; j++) {
          const value = j < width ? load<f32>(first + <usize>j * stride + ((<usize>i) << 2)) : <f32>0;
          store<f32>(to + ((<usize>j) << 2), value);
        }
      }
    }
  }
}

/** Four rows of S become four neighbouring columns of a panel. */
@inline
function transpose_4(k: i32, row: usize, stride: usize, out: usize): void {
  let i = 0;
  for (; i + 4 <= k; i += 4) {
    const from = row + ((<usize>i) << 2);
    const to = out + ((<usize>i) << 5);
    const a = v128.load(from);
    const b = v128.load(from + stride);
    const c = v128.load(from + 2 * stride);
    const d = v128.load(from + 3 * stride);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const ef = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const gh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), 32);
    v128.store(to, v128.shuffle<f32>(ef, gh, 0, 1, 4, 5), 64);
    v128.store(to, v128.shuffle<f32>(ef, gh, 2, 3, 6, 7), 96);
  }
  for (; i < k; i++) {
    const from = row + ((<usize>i) << 2);
    const to = out + ((<usize>i) << 5);
    store<f32>(to, load<f32>(from));
    store<f32>(to, load<f32>(from + stride), 4);
    store<f32>(to, load<f32>(from + 2 * stride), 8);
    store<f32>(to, load<f32>(from + 3 * stride), 12);
  }
}

export function matmul(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32, aCol: i32,
  packed: usize,
  c: usize, cRow: i32, accumulate: bool,
): void {
  const rowBytes = <usize>aRow << 2;
  const colBytes = <usize>aCol << 2;
  const cBytes = <usize>cRow << 2;
  const panelBytes = <usize>k << 5;
  let column = 0;
  if (m === 1) {
    for (; column + 5 * PANEL <= n; column += 5 * PANEL, packed += 5 * panelBytes, c += 160) {
      tile_1x5(a, colBytes, packed, panelBytes, c, accumulate);
    }
  } else if (m === 2) {
    for (; column + 2 * PANEL <= n; column += 2 * PANEL, packed += 2 * panelBytes, c += 64) {
      tile_2x2(a, rowBytes, colBytes, packed, panelBytes, c, cBytes, accumulate);
    }
  }
  for (; column < n; column += PANEL, packed += panelBytes, c += 32) {
    const fresh = accumulate ? 0 : min(PANEL, n - column);
    const end = packed + panelBytes;
    let from = a;
    let to = c;
    // Even tiles of at most six rows: 7 = 4 + 3, never 6 + 1.
    let left = m;
    for (let tiles = (m + 5) / 6; tiles > 0; tiles--) {
      const rows = (left + tiles - 1) / tiles;
      if (rows === 6) tile_6(from, rowBytes, colBytes, packed, end, to, cBytes, fresh);
      else if (rows === 5) tile_5(from, rowBytes, colBytes, packed, end, to, cBytes, fresh);
      else if (rows === 4) tile_4(from, rowBytes, colBytes, packed, end, to, cBytes, fresh);
      else if (rows === 3) tile_3(from, rowBytes, colBytes, packed, end, to, cBytes, fresh);
      else if (rows === 2) tile_2(from, rowBytes, colBytes, packed, end, to, cBytes, fresh);
      else tile_1(from, rowBytes, colBytes, packed, end, to, cBytes, fresh);
      from += <usize>rows * rowBytes;
      to += <usize>rows * cBytes;
      left -= rows;
    }
  }
}

export function tile_6(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32): void {
  tile(6, a, aRow, aCol, b, end, c, cRow, fresh);
}
export function tile_5(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32): void {
  tile(5, a, aRow, aCol, b, end, c, cRow, fresh);
}
export function tile_4(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32): void {
  tile(4, a, aRow, aCol, b, end, c, cRow, fresh);
}
export function tile_3(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32): void {
  tile(3, a, aRow, aCol, b, end, c, cRow, fresh);
}
export function tile_2(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32): void {
  tile(2, a, aRow, aCol, b, end, c, cRow, fresh);
}
export function tile_1(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32): void {
  tile(1, a, aRow, aCol, b, end, c, cRow, fresh);
}

/**
 * `rows` × 8 of C, of which the old values of the first `fresh` columns do not count. `rows` is constant at every use,
 * so the tests on it are gone after inlining.
 */
@inline
function tile(
  rows: i32, a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, fresh: i32,
): void {
  const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow, c4 = c3 + cRow, c5 = c4 + cRow;
  const zero = f32x4.splat(0);
  const low = i32x4.gt_s(i32x4(1, 2, 3, 4), i32x4.splat(fresh));
  const high = i32x4.gt_s(i32x4(5, 6, 7, 8), i32x4.splat(fresh));
  let c00 = v128.and(v128.load(c), low), c01 = v128.and(v128.load(c, 16), high);
  let c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
  if (rows > 1) {
    c10 = v128.and(v128.load(c1), low);
    c11 = v128.and(v128.load(c1, 16), high);
  }
  if (rows > 2) {
    c20 = v128.and(v128.load(c2), low);
    c21 = v128.and(v128.load(c2, 16), high);
  }
  if (rows > 3) {
    c30 = v128.and(v128.load(c3), low);
    c31 = v128.and(v128.load(c3, 16), high);
  }
  if (rows > 4) {
    c40 = v128.and(v128.load(c4), low);
    c41 = v128.and(v128.load(c4, 16), high);
  }
  if (rows > 5) {
    c50 = v128.and(v128.load(c5), low);
    c51 = v128.and(v128.load(c5, 16), high);
  }
  for (; b < end; b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let at = a;
    const x0 = v128.load32_splat(at);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    if (rows > 1) {
      at += aRow;
      const x1 = v128.load32_splat(at);
      c10 = madd(x1, b0, c10);
      c11 = madd(x1, b1, c11);
    }
    if (rows > 2) {
      at += aRow;
      const x2 = v128.load32_splat(at);
      c20 = madd(x2, b0, c20);
      c21 = madd(x2, b1, c21);
    }
    if (rows > 3) {
      at += aRow;
      const x3 = v128.load32_splat(at);
      c30 = madd(x3, b0, c30);
      c31 = madd(x3, b1, c31);
    }
    if (rows > 4) {
      at += aRow;
      const x4 = v128.load32_splat(at);
      c40 = madd(x4, b0, c40);
      c41 = madd(x4, b1, c41);
    }
    if (rows > 5) {
      at += aRow;
      const x5 = v128.load32_splat(at);
      c50 = madd(x5, b0, c50);
      c51 = madd(x5, b1, c51);
    }
    a += aCol;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  if (rows > 1) {
    v128.store(c1, c10);
    v128.store(c1, c11, 16);
  }
  if (rows > 2) {
    v128.store(c2, c20);
    v128.store(c2, c21, 16);
  }
  if (rows > 3) {
    v128.store(c3, c30);
    v128.store(c3, c31, 16);
  }
  if (rows > 4) {
    v128.store(c4, c40);
    v128.store(c4, c41, 16);
  }
  if (rows > 5) {
    v128.store(c5, c50);
    v128.store(c5, c51, 16);
  }
}

/** One row, forty columns. */
export function tile_1x5(a: usize, aCol: usize, b: usize, panel: usize, c: usize, accumulate: bool): void {
  const mask = i32x4.splat(accumulate ? -1 : 0);
  let c0 = v128.and(v128.load(c, 0), mask);
  let c1 = v128.and(v128.load(c, 16), mask);
  let c2 = v128.and(v128.load(c, 32), mask);
  let c3 = v128.and(v128.load(c, 48), mask);
  let c4 = v128.and(v128.load(c, 64), mask);
  let c5 = v128.and(v128.load(c, 80), mask);
  let c6 = v128.and(v128.load(c, 96), mask);
  let c7 = v128.and(v128.load(c, 112), mask);
  let c8 = v128.and(v128.load(c, 128), mask);
  let c9 = v128.and(v128.load(c, 144), mask);
  for (const end = b + panel; b < end; b += 32) {
    const x = v128.load32_splat(a);
    let at = b;
    c0 = madd(x, v128.load(at), c0);
    c1 = madd(x, v128.load(at, 16), c1);
    at += panel;
    c2 = madd(x, v128.load(at), c2);
    c3 = madd(x, v128.load(at, 16), c3);
    at += panel;
    c4 = madd(x, v128.load(at), c4);
    c5 = madd(x, v128.load(at, 16), c5);
    at += panel;
    c6 = madd(x, v128.load(at), c6);
    c7 = madd(x, v128.load(at, 16), c7);
    at += panel;
    c8 = madd(x, v128.load(at), c8);
    c9 = madd(x, v128.load(at, 16), c9);
    a += aCol;
  }
  v128.store(c, c0, 0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
  v128.store(c, c8, 128);
  v128.store(c, c9, 144);
}

/** Two rows, sixteen columns. */
export function tile_2x2(a: usize, aRow: usize, aCol: usize, b: usize, panel: usize, c: usize, cRow: usize, accumulate: bool): void {
  const mask = i32x4.splat(accumulate ? -1 : 0);
  const d = c + cRow;
  let c0 = v128.and(v128.load(c, 0), mask);
  let c1 = v128.and(v128.load(c, 16), mask);
  let c2 = v128.and(v128.load(c, 32), mask);
  let c3 = v128.and(v128.load(c, 48), mask);
  let d0 = v128.and(v128.load(d, 0), mask);
  let d1 = v128.and(v128.load(d, 16), mask);
  let d2 = v128.and(v128.load(d, 32), mask);
  let d3 = v128.and(v128.load(d, 48), mask);
  for (const end = b + panel; b < end; b += 32) {
    const next = b + panel;
    const w0 = v128.load(b);
    const w1 = v128.load(b, 16);
    const w2 = v128.load(next);
    const w3 = v128.load(next, 16);
    const x = v128.load32_splat(a);
    c0 = madd(x, w0, c0);
    c1 = madd(x, w1, c1);
    c2 = madd(x, w2, c2);
    c3 = madd(x, w3, c3);
    const y = v128.load32_splat(a + aRow);
    d0 = madd(y, w0, d0);
    d1 = madd(y, w1, d1);
    d2 = madd(y, w2, d2);
    d3 = madd(y, w3, d3);
    a += aCol;
  }
  v128.store(c, c0, 0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(d, d0, 0);
  v128.store(d, d1, 16);
  v128.store(d, d2, 32);
  v128.store(d, d3, 48);
}
