/** The right factor of a matrix product in panels of eight columns, row after row, zeros past its last column. */
import { PANEL } from './tiles';

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
