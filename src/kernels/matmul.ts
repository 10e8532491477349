/**
 * C = A · B or C += A · B, with B packed in panels of eight columns.
 *
 *   A [m × k]  any strides in floats (`aRow` from row to row, `aCol` from column to column): a transposed A costs nothing
 *   B [k × n]  packed by `pack` or `pack_transposed`: panel p holds columns 8p…8p+7, row after row, zeros past n
 *   C [m × n]  rows `cRow` floats apart
 *
 * Tiles of 1 to 6 rows by 8 columns keep their sums in registers. One row alone would wait for the latency of the
 * multiply-add, so one row takes five panels at a time, and two rows take two. V8 unrolls these loops itself: the same
 * loops unrolled by hand ran at two thirds of the speed (registers spill).
 */
import { get, madd, put } from './simd';

const PANEL: i32 = 8;

/** Floats that a packed [k × n] matrix takes. */
@inline
function panels(n: i32): i32 {
  return (n + PANEL - 1) / PANEL;
}

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
  const count = panels(n);
  // Whole panels; the last one may be partial.
  const whole = n / PANEL;
  let p = 0;
  if (m === 1) {
    for (; p + 5 <= whole; p += 5) {
      tile_1x5(k, a, colBytes, packed + <usize>p * panelBytes, panelBytes, c + ((<usize>p) << 5), accumulate);
    }
  } else if (m === 2) {
    for (; p + 2 <= whole; p += 2) {
      tile_2x2(k, a, rowBytes, colBytes, packed + <usize>p * panelBytes, panelBytes, c + ((<usize>p) << 5), cBytes, accumulate);
    }
  }
  for (; p < count; p++) {
    const b = packed + <usize>p * panelBytes;
    const columns = min(PANEL, n - p * PANEL);
    let to = c + ((<usize>p) << 5);
    let from = a;
    // Even tiles of at most six rows: 7 = 4 + 3, never 6 + 1.
    let left = m;
    let tiles = (m + 5) / 6;
    while (tiles > 0) {
      const rows = (left + tiles - 1) / tiles;
      if (rows === 6) tile_6(k, from, rowBytes, colBytes, b, to, cBytes, columns, accumulate);
      else if (rows === 5) tile_5(k, from, rowBytes, colBytes, b, to, cBytes, columns, accumulate);
      else if (rows === 4) tile_4(k, from, rowBytes, colBytes, b, to, cBytes, columns, accumulate);
      else if (rows === 3) tile_3(k, from, rowBytes, colBytes, b, to, cBytes, columns, accumulate);
      else if (rows === 2) tile_2(k, from, rowBytes, colBytes, b, to, cBytes, columns, accumulate);
      else tile_1(k, from, rowBytes, colBytes, b, to, cBytes, columns, accumulate);
      from += <usize>rows * rowBytes;
      to += <usize>rows * cBytes;
      left -= rows;
      tiles--;
    }
  }
}

function tile_6(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool): void {
  tile(6, k, a, aRow, aCol, b, c, cRow, columns, accumulate);
}
function tile_5(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool): void {
  tile(5, k, a, aRow, aCol, b, c, cRow, columns, accumulate);
}
function tile_4(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool): void {
  tile(4, k, a, aRow, aCol, b, c, cRow, columns, accumulate);
}
function tile_3(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool): void {
  tile(3, k, a, aRow, aCol, b, c, cRow, columns, accumulate);
}
function tile_2(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool): void {
  tile(2, k, a, aRow, aCol, b, c, cRow, columns, accumulate);
}
function tile_1(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool): void {
  tile(1, k, a, aRow, aCol, b, c, cRow, columns, accumulate);
}

/** `rows` × 8 of C. `rows` is constant at every use, so the tests on it are gone after inlining. */
@inline
function tile(
  rows: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize, columns: i32, accumulate: bool,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0), c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let a0 = a, a1 = a + aRow, a2 = a + 2 * aRow, a3 = a + 3 * aRow, a4 = a + 4 * aRow, a5 = a + 5 * aRow;
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a0);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    a0 += aCol;
    if (rows > 1) {
      const x1 = v128.load32_splat(a1);
      c10 = madd(x1, b0, c10);
      c11 = madd(x1, b1, c11);
      a1 += aCol;
    }
    if (rows > 2) {
      const x2 = v128.load32_splat(a2);
      c20 = madd(x2, b0, c20);
      c21 = madd(x2, b1, c21);
      a2 += aCol;
    }
    if (rows > 3) {
      const x3 = v128.load32_splat(a3);
      c30 = madd(x3, b0, c30);
      c31 = madd(x3, b1, c31);
      a3 += aCol;
    }
    if (rows > 4) {
      const x4 = v128.load32_splat(a4);
      c40 = madd(x4, b0, c40);
      c41 = madd(x4, b1, c41);
      a4 += aCol;
    }
    if (rows > 5) {
      const x5 = v128.load32_splat(a5);
      c50 = madd(x5, b0, c50);
      c51 = madd(x5, b1, c51);
      a5 += aCol;
    }
    b += 32;
  }
  store_row(c, c00, c01, columns, accumulate);
  if (rows > 1) store_row(c + cRow, c10, c11, columns, accumulate);
  if (rows > 2) store_row(c + 2 * cRow, c20, c21, columns, accumulate);
  if (rows > 3) store_row(c + 3 * cRow, c30, c31, columns, accumulate);
  if (rows > 4) store_row(c + 4 * cRow, c40, c41, columns, accumulate);
  if (rows > 5) store_row(c + 5 * cRow, c50, c51, columns, accumulate);
}

/** One row, forty columns. */
function tile_1x5(k: i32, a: usize, aCol: usize, b: usize, panel: usize, c: usize, accumulate: bool): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0), c4 = f32x4.splat(0);
  let c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0), c8 = f32x4.splat(0), c9 = f32x4.splat(0);
  let b1 = b + panel, b2 = b + 2 * panel, b3 = b + 3 * panel, b4 = b + 4 * panel;
  for (let i = 0; i < k; i++) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    c2 = madd(x, v128.load(b1), c2);
    c3 = madd(x, v128.load(b1, 16), c3);
    c4 = madd(x, v128.load(b2), c4);
    c5 = madd(x, v128.load(b2, 16), c5);
    c6 = madd(x, v128.load(b3), c6);
    c7 = madd(x, v128.load(b3, 16), c7);
    c8 = madd(x, v128.load(b4), c8);
    c9 = madd(x, v128.load(b4, 16), c9);
    a += aCol;
    b += 32;
    b1 += 32;
    b2 += 32;
    b3 += 32;
    b4 += 32;
  }
  store_row(c, c0, c1, PANEL, accumulate);
  store_row(c + 32, c2, c3, PANEL, accumulate);
  store_row(c + 64, c4, c5, PANEL, accumulate);
  store_row(c + 96, c6, c7, PANEL, accumulate);
  store_row(c + 128, c8, c9, PANEL, accumulate);
}

/** Two rows, sixteen columns. */
function tile_2x2(k: i32, a: usize, aRow: usize, aCol: usize, b: usize, panel: usize, c: usize, cRow: usize, accumulate: bool): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let d0 = f32x4.splat(0), d1 = f32x4.splat(0), d2 = f32x4.splat(0), d3 = f32x4.splat(0);
  let e = a + aRow;
  let b1 = b + panel;
  for (let i = 0; i < k; i++) {
    const x = v128.load32_splat(a);
    const y = v128.load32_splat(e);
    const w0 = v128.load(b);
    const w1 = v128.load(b, 16);
    const w2 = v128.load(b1);
    const w3 = v128.load(b1, 16);
    c0 = madd(x, w0, c0);
    c1 = madd(x, w1, c1);
    c2 = madd(x, w2, c2);
    c3 = madd(x, w3, c3);
    d0 = madd(y, w0, d0);
    d1 = madd(y, w1, d1);
    d2 = madd(y, w2, d2);
    d3 = madd(y, w3, d3);
    a += aCol;
    e += aCol;
    b += 32;
    b1 += 32;
  }
  store_row(c, c0, c1, PANEL, accumulate);
  store_row(c + 32, c2, c3, PANEL, accumulate);
  store_row(c + cRow, d0, d1, PANEL, accumulate);
  store_row(c + cRow + 32, d2, d3, PANEL, accumulate);
}

/** The first `columns` of eight floats. */
@inline
function store_row(c: usize, low: v128, high: v128, columns: i32, accumulate: bool): void {
  if (columns === PANEL) {
    store_four(c, low, accumulate);
    store_four(c + 16, high, accumulate);
  } else store_part(c, low, high, columns, accumulate);
}

@inline
function store_four(c: usize, value: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), value) : value);
}

function store_part(c: usize, low: v128, high: v128, columns: i32, accumulate: bool): void {
  let value = low;
  if (columns >= 4) {
    store_four(c, low, accumulate);
    value = high;
    c += 16;
  }
  for (let j = columns & 3; j > 0; j--, c += 4) {
    put(c, accumulate ? f32x4.add(get(c, false), value) : value, false);
    value = v128.shuffle<f32>(value, value, 1, 2, 3, 0);
  }
}
