/**
 * Tiles of 1, 2, 5 or 6 rows by 8 columns of a matrix product (see matmul.ts) keep their sums in registers. One row alone
 * would wait for the latency of the multiply-add, so one row takes five panels at a time, and two rows take two.
 *
 * All that is not the loop over k stays out of its way: whatever makes V8 spill a sum once, after the loop too, makes it
 * store that sum in every turn (6 rows: 40 instead of 57 GFLOP/s). So tiles begin with one branch and end with plain
 * stores. The edges, partial panels, write eight columns too, the last of them with what was there: the 28 bytes behind C
 * must exist. And the tiles are exported, or the optimizer would inline them all into one function.
 *
 * `a` and `c` point to the first row, aRow, aCol and cRow are strides in bytes; `b` to `end` is the panel.
 */
import { madd } from './simd';

/** Columns of a panel. */
export const PANEL: i32 = 8;

export function tile_6(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool): void {
  tile(6, PANEL, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function edge_6(
  columns: i32, a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  tile(6, columns, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function tile_5(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool): void {
  tile(5, PANEL, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function edge_5(
  columns: i32, a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  tile(5, columns, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function tile_2(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool): void {
  tile(2, PANEL, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function edge_2(
  columns: i32, a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  tile(2, columns, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function tile_1(a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool): void {
  tile(1, PANEL, a, aRow, aCol, b, end, c, cRow, accumulate);
}
export function edge_1(
  columns: i32, a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  tile(1, columns, a, aRow, aCol, b, end, c, cRow, accumulate);
}

/**
 * `rows` × `columns` of C. `rows`, and `columns` where it is a whole panel, are constant at every use, so the tests on
 * them are gone after inlining.
 */
@inline
function tile(
  rows: i32, columns: i32, a: usize, aRow: usize, aCol: usize, b: usize, end: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow, c4 = c3 + cRow, c5 = c4 + cRow;
  const zero = f32x4.splat(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
  let c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
  if (accumulate) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    if (rows > 1) {
      c10 = v128.load(c1);
      c11 = v128.load(c1, 16);
    }
    if (rows > 2) {
      c20 = v128.load(c2);
      c21 = v128.load(c2, 16);
    }
    if (rows > 3) {
      c30 = v128.load(c3);
      c31 = v128.load(c3, 16);
    }
    if (rows > 4) {
      c40 = v128.load(c4);
      c41 = v128.load(c4, 16);
    }
    if (rows > 5) {
      c50 = v128.load(c5);
      c51 = v128.load(c5, 16);
    }
  }
  // One moving pointer instead of one a row: more would not fit in the registers beside the loop's own.
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
  store_row(c, c00, c01, columns);
  if (rows > 1) store_row(c1, c10, c11, columns);
  if (rows > 2) store_row(c2, c20, c21, columns);
  if (rows > 3) store_row(c3, c30, c31, columns);
  if (rows > 4) store_row(c4, c40, c41, columns);
  if (rows > 5) store_row(c5, c50, c51, columns);
}

/** Eight columns, or the first of them: the others are read and written back. */
@inline
function store_row(c: usize, low: v128, high: v128, columns: i32): void {
  if (columns === PANEL) {
    v128.store(c, low);
    v128.store(c, high, 16);
  } else {
    v128.store(c, v128.bitselect(low, v128.load(c), i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(columns))));
    v128.store(c, v128.bitselect(high, v128.load(c, 16), i32x4.lt_s(i32x4(4, 5, 6, 7), i32x4.splat(columns))), 16);
  }
}

/** One row, forty columns. */
export function tile_1x5(a: usize, aCol: usize, b: usize, panel: usize, c: usize, accumulate: bool): void {
  const zero = f32x4.splat(0);
  let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero, c8 = zero, c9 = zero;
  if (accumulate) {
    c0 = v128.load(c, 0);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
    c4 = v128.load(c, 64);
    c5 = v128.load(c, 80);
    c6 = v128.load(c, 96);
    c7 = v128.load(c, 112);
    c8 = v128.load(c, 128);
    c9 = v128.load(c, 144);
  }
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
  const d = c + cRow;
  const zero = f32x4.splat(0);
  let c0 = zero, c1 = zero, c2 = zero, c3 = zero, d0 = zero, d1 = zero, d2 = zero, d3 = zero;
  if (accumulate) {
    c0 = v128.load(c, 0);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
    d0 = v128.load(d, 0);
    d1 = v128.load(d, 16);
    d2 = v128.load(d, 32);
    d3 = v128.load(d, 48);
  }
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
