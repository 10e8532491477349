/**
 * C = A · B in double precision for the recursions of the CRF, whose probabilities would leave the range of floats.
 *
 *   A [m × k]  any strides in doubles
 *   B [k × n]  packed in panels of four columns, row after row (by `pack64`, or as `crf_weights` lays it out)
 *   C [m × n]  rows `cRow` doubles apart; n is a multiple of 4
 */
import { madd2 } from './simd';

/** Packs row-major B [k × n] with rows `bRow` doubles apart. */
export function pack64(k: i32, n: i32, b: usize, bRow: i32, packed: usize): void {
  const stride = <usize>bRow << 3;
  for (let column = 0; column < n; column += 4, b += 32) {
    let row = b;
    for (let i = 0; i < k; i++, row += stride, packed += 32) {
      v128.store(packed, v128.load(row));
      v128.store(packed, v128.load(row, 16), 16);
    }
  }
}

export function matmul64(
  m: i32, n: i32, k: i32, a: usize, aRow: i32, aCol: i32, packed: usize, c: usize, cRow: i32,
): void {
  const rowBytes = <usize>aRow << 3, colBytes = <usize>aCol << 3, cBytes = <usize>cRow << 3;
  let left = m;
  for (let tiles = (m + 3) / 4; tiles > 0; tiles--) {
    const rows = (left + tiles - 1) / tiles;
    if (rows === 4) tile64_4(n, k, a, rowBytes, colBytes, packed, c, cBytes);
    else if (rows === 3) tile64_3(n, k, a, rowBytes, colBytes, packed, c, cBytes);
    else if (rows === 2) tile64_2(n, k, a, rowBytes, colBytes, packed, c, cBytes);
    else tile64_1(n, k, a, rowBytes, colBytes, packed, c, cBytes);
    a += <usize>rows * rowBytes;
    c += <usize>rows * cBytes;
    left -= rows;
  }
}

// Exported so that the optimizer leaves each a function of its own (see tiles.ts).
export function tile64_4(n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize): void {
  tile64(4, n, k, a, aRow, aCol, b, c, cRow);
}
export function tile64_3(n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize): void {
  tile64(3, n, k, a, aRow, aCol, b, c, cRow);
}
export function tile64_2(n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize): void {
  tile64(2, n, k, a, aRow, aCol, b, c, cRow);
}
export function tile64_1(n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize): void {
  tile64(1, n, k, a, aRow, aCol, b, c, cRow);
}

/** `rows` × n of C, four columns at a time. */
@inline
function tile64(rows: i32, n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, c: usize, cRow: usize): void {
  for (const end = c + ((<usize>n) << 3); c < end; c += 32) {
    const zero = f64x2.splat(0);
    let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
    let from = a;
    for (let i = 0; i < k; i++, b += 32, from += aCol) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let at = from;
      const x0 = v128.load64_splat(at);
      c00 = madd2(x0, b0, c00);
      c01 = madd2(x0, b1, c01);
      if (rows > 1) {
        at += aRow;
        const x1 = v128.load64_splat(at);
        c10 = madd2(x1, b0, c10);
        c11 = madd2(x1, b1, c11);
      }
      if (rows > 2) {
        at += aRow;
        const x2 = v128.load64_splat(at);
        c20 = madd2(x2, b0, c20);
        c21 = madd2(x2, b1, c21);
      }
      if (rows > 3) {
        at += aRow;
        const x3 = v128.load64_splat(at);
        c30 = madd2(x3, b0, c30);
        c31 = madd2(x3, b1, c31);
      }
    }
    v128.store(c, c00);
    v128.store(c, c01, 16);
    if (rows > 1) {
      v128.store(c + cRow, c10);
      v128.store(c + cRow, c11, 16);
    }
    if (rows > 2) {
      v128.store(c + 2 * cRow, c20);
      v128.store(c + 2 * cRow, c21, 16);
    }
    if (rows > 3) {
      v128.store(c + 3 * cRow, c30);
      v128.store(c + 3 * cRow, c31, 16);
    }
  }
}
