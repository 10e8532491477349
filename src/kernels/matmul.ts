/**
 * C = A · B or C += A · B, with B packed in panels of eight columns.
 *
 *   A [m × k]  any strides in floats (`aRow` from row to row, `aCol` from column to column): a transposed A costs nothing
 *   B [k × n]  packed by `pack` or `pack_transposed`: panel p holds columns 8p…8p+7, row after row, zeros past n
 *   C [m × n]  rows `cRow` floats apart
 *
 * Rows are taken six at a time, thirty of them a round so that they stay in the first cache; of the rest, five, two or one.
 * (Measured with 200 × 800, GFLOP/s: 3 rows as 2 + 1 50, as one tile 41; 4 as 2 + 2 53, as one tile 50; 10 as 5 + 5.)
 * The plain build needs a register for the product before it is added, so there it is five (six 33, five 58).
 */
import { edge_1, edge_2, edge_5, edge_6, PANEL, tile_1, tile_1x5, tile_2, tile_2x2, tile_5, tile_6 } from './tiles';

/** Rows of the largest tile whose sums stay in the registers. */
const TALL: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
/** Most rows of A between two uses of a panel, a multiple of both. */
const ROUND: i32 = 30;

export function matmul(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32, aCol: i32,
  packed: usize,
  c: usize, cRow: i32, accumulate: bool,
): void {
  const rowBytes = <usize>aRow << 2;
  const colBytes = <usize>aCol << 2;
  const cBytes = <usize>cRow << 2;
  while (m > 0) {
    let rows = 1;
    if (TALL === 6 && m >= 6 && m !== 10) {
      rows = min(ROUND, m - (m % 6));
      sixes(rows, n, k, a, rowBytes, colBytes, packed, c, cBytes, accumulate);
    } else if (m >= 5) {
      rows = min(ROUND, m - (m % 5));
      fives(rows, n, k, a, rowBytes, colBytes, packed, c, cBytes, accumulate);
    } else if (m >= 2) {
      rows = 2;
      two_rows(n, k, a, rowBytes, colBytes, packed, c, cBytes, accumulate);
    } else one_row(n, k, a, colBytes, packed, c, cBytes, accumulate);
    a += <usize>rows * rowBytes;
    c += <usize>rows * cBytes;
    m -= rows;
  }
}

function sixes(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  const panel = (<usize>k) << 5;
  for (let left = n; left > 0; left -= PANEL, packed += panel, c += 32) {
    let from = a, to = c;
    for (let row = 0; row < m; row += 6, from += 6 * aRow, to += 6 * cRow) {
      if (left >= PANEL) tile_6(from, aRow, aCol, packed, packed + panel, to, cRow, accumulate);
      else edge_6(left, from, aRow, aCol, packed, packed + panel, to, cRow, accumulate);
    }
  }
}

function fives(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  const panel = (<usize>k) << 5;
  for (let left = n; left > 0; left -= PANEL, packed += panel, c += 32) {
    let from = a, to = c;
    for (let row = 0; row < m; row += 5, from += 5 * aRow, to += 5 * cRow) {
      if (left >= PANEL) tile_5(from, aRow, aCol, packed, packed + panel, to, cRow, accumulate);
      else edge_5(left, from, aRow, aCol, packed, packed + panel, to, cRow, accumulate);
    }
  }
}

function two_rows(
  n: i32, k: i32, a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  const panel = (<usize>k) << 5;
  let left = n;
  for (; left >= 2 * PANEL; left -= 2 * PANEL, packed += 2 * panel, c += 64) {
    tile_2x2(a, aRow, aCol, packed, panel, c, cRow, accumulate);
  }
  for (; left > 0; left -= PANEL, packed += panel, c += 32) {
    if (left >= PANEL) tile_2(a, aRow, aCol, packed, packed + panel, c, cRow, accumulate);
    else edge_2(left, a, aRow, aCol, packed, packed + panel, c, cRow, accumulate);
  }
}

function one_row(n: i32, k: i32, a: usize, aCol: usize, packed: usize, c: usize, cRow: usize, accumulate: bool): void {
  const panel = (<usize>k) << 5;
  let left = n;
  for (; left >= 5 * PANEL; left -= 5 * PANEL, packed += 5 * panel, c += 160) {
    tile_1x5(a, aCol, packed, panel, c, accumulate);
  }
  for (; left > 0; left -= PANEL, packed += panel, c += 32) {
    if (left >= PANEL) tile_1(a, 0, aCol, packed, packed + panel, c, cRow, accumulate);
    else edge_1(left, a, 0, aCol, packed, packed + panel, c, cRow, accumulate);
  }
}
