/**
 * One direction of an LSTM over a ragged batch (Hochreiter and Schmidhuber 1997; Gers et al. 2000, with forget gates).
 *
 * Rows are time-major: `steps` [T + 1] gives the first row of every time step, sentences sorted from long to short, so
 * that row b of step t − 1 belongs to the sentence of row b of step t, and every step is one product over the sentences
 * still alive. A reversed layer runs from the last step to the first on the same rows.
 *
 *   z  [N × 4H]  x · W + b on entry; the gates i, f, g, o on return
 *   u  [H × 4H]  the recurrent weights, packed; uT their transpose, packed
 *   h, c, s [N × H]  output (rows `hRow` apart), cell and tanh(cell); c and s are saved for the backward pass
 *
 *   i, f, o = sigmoid(z), g = tanh(z), c = f · c' + i · g, h = o · tanh(c)
 */

import { sigmoid4, tanh4 } from './math';
import { matmul } from './matmul';
import { get, madd, put } from './simd';

export function lstm_forward(
  t: i32, steps: usize, reverse: bool, units: i32,
  z: usize, u: usize, h: usize, hRow: i32, c: usize, s: usize,
): void {
  const hBytes = (<usize>hRow) << 2, cBytes = (<usize>units) << 2, zBytes = (<usize>units) << 4;
  let previous = -1;
  for (let step = 0; step < t; step++) {
    const now = reverse ? t - 1 - step : step;
    const first = <usize>load<i32>(steps + ((<usize>now) << 2));
    const alive = load<i32>(steps + ((<usize>now) << 2), 4) - <i32>first;
    // Sentences that have a step before this one (in the direction of travel).
    let carried = 0;
    let before: usize = 0;
    if (previous >= 0) {
      before = <usize>load<i32>(steps + ((<usize>previous) << 2));
      carried = min(alive, load<i32>(steps + ((<usize>previous) << 2), 4) - <i32>before);
      matmul(carried, units << 2, units, h + before * hBytes, hRow, 1, u, z + first * zBytes, units << 2, true);
    }
    for (let b = 0; b < alive; b++) {
      const row = first + <usize>b;
      const cBefore = b < carried ? c + (before + <usize>b) * cBytes : 0;
      lstm_cell(units, z + row * zBytes, cBefore, h + row * hBytes, c + row * cBytes, s + row * cBytes);
    }
    previous = now;
  }
}

/**
 * One step of n rows by themselves, for who goes on from any row before: z [n × 4H] x · W + b + h' · u on entry, the gates
 * on return; cBefore [n × H] the cells before, 0 where there are none; h (rows `hRow` apart), c, s [n × H] as above.
 */
export function lstm_cells(
  n: i32, units: i32, z: usize, cBefore: usize, h: usize, hRow: i32, c: usize, s: usize,
): void {
  const bytes = (<usize>units) << 2;
  for (let i = 0; i < n; i++) {
    lstm_cell(units, z, cBefore, h, c, s);
    z += bytes << 2;
    if (cBefore) cBefore += bytes;
    h += (<usize>hRow) << 2;
    c += bytes;
    s += bytes;
  }
}

function lstm_cell(units: i32, z: usize, cBefore: usize, h: usize, c: usize, s: usize): void {
  let j = 0;
  for (; j + 4 <= units; j += 4) lstm_units(units, j, z, cBefore, h, c, s, true);
  for (; j < units; j++) lstm_units(units, j, z, cBefore, h, c, s, false);
}

@inline
function lstm_units(units: i32, j: i32, z: usize, cBefore: usize, h: usize, c: usize, s: usize, wide: bool): void {
  const at = (<usize>j) << 2, gate = (<usize>units) << 2;
  const zi = z + at, zf = zi + gate, zg = zf + gate, zo = zg + gate;
  const i = sigmoid4(get(zi, wide));
  const f = sigmoid4(get(zf, wide));
  const g = tanh4(get(zg, wide));
  const o = sigmoid4(get(zo, wide));
  let cell = f32x4.mul(i, g);
  if (cBefore) cell = madd(f, get(cBefore + at, wide), cell);
  const squashed = tanh4(cell);
  put(zi, i, wide);
  put(zf, f, wide);
  put(zg, g, wide);
  put(zo, o, wide);
  put(c + at, cell, wide);
  put(s + at, squashed, wide);
  put(h + at, f32x4.mul(o, squashed), wide);
}

/**
 * dh [N × H] (rows `dhRow` apart) the gradient of the output, to which the recurrent gradient is added on the way;
 * z the gates on entry, the gradient of x · W + b on return; dc [B × H] zeros on entry, the carried cell gradient.
 */
export function lstm_backward(
  t: i32, steps: usize, reverse: bool, units: i32,
  z: usize, uT: usize, dh: usize, dhRow: i32, c: usize, s: usize, dc: usize,
): void {
  const hBytes = (<usize>dhRow) << 2, cBytes = (<usize>units) << 2, zBytes = (<usize>units) << 4;
  for (let step = t - 1; step >= 0; step--) {
    const now = reverse ? t - 1 - step : step;
    const first = <usize>load<i32>(steps + ((<usize>now) << 2));
    const alive = load<i32>(steps + ((<usize>now) << 2), 4) - <i32>first;
    let carried = 0;
    let before: usize = 0;
    if (step > 0) {
      const previous = reverse ? now + 1 : now - 1;
      before = <usize>load<i32>(steps + ((<usize>previous) << 2));
      carried = min(alive, load<i32>(steps + ((<usize>previous) << 2), 4) - <i32>before);
    }
    for (let b = 0; b < alive; b++) {
      const row = first + <usize>b;
      const cBefore = b < carried ? c + (before + <usize>b) * cBytes : 0;
      cell_backward(units, z + row * zBytes, cBefore, dh + row * hBytes, s + row * cBytes, dc + <usize>b * cBytes);
    }
    if (carried > 0) {
      matmul(carried, units, units << 2, z + first * zBytes, units << 2, 1, uT, dh + before * hBytes, dhRow, true);
    }
  }
}

function cell_backward(units: i32, z: usize, cBefore: usize, dh: usize, s: usize, dc: usize): void {
  let j = 0;
  for (; j + 4 <= units; j += 4) units_backward(units, j, z, cBefore, dh, s, dc, true);
  for (; j < units; j++) units_backward(units, j, z, cBefore, dh, s, dc, false);
}

@inline
function units_backward(units: i32, j: i32, z: usize, cBefore: usize, dh: usize, s: usize, dc: usize, wide: bool): void {
  const at = (<usize>j) << 2, gate = (<usize>units) << 2;
  const zi = z + at, zf = zi + gate, zg = zf + gate, zo = zg + gate;
  const i = get(zi, wide), f = get(zf, wide), g = get(zg, wide), o = get(zo, wide);
  const squashed = get(s + at, wide), d = get(dh + at, wide);
  const one = f32x4.splat(1);
  // dc = dc carried + dh · o · (1 − tanh²(c))
  const through = f32x4.mul(f32x4.mul(d, o), f32x4.sub(one, f32x4.mul(squashed, squashed)));
  const dCell = f32x4.add(get(dc + at, wide), through);
  put(dc + at, f32x4.mul(dCell, f), wide);
  put(zi, f32x4.mul(f32x4.mul(dCell, g), f32x4.mul(i, f32x4.sub(one, i))), wide);
  const df = cBefore ? f32x4.mul(dCell, get(cBefore + at, wide)) : f32x4.splat(0);
  put(zf, f32x4.mul(df, f32x4.mul(f, f32x4.sub(one, f))), wide);
  put(zg, f32x4.mul(f32x4.mul(dCell, i), f32x4.sub(one, f32x4.mul(g, g))), wide);
  put(zo, f32x4.mul(f32x4.mul(d, squashed), f32x4.mul(o, f32x4.sub(one, o))), wide);
}

/** before [N × H] = the output h' that every row of z was multiplied with (zeros at the first step of a sentence). */
export function shift_rows(t: i32, steps: usize, reverse: bool, units: i32, h: usize, hRow: i32, before: usize): void {
  const hBytes = (<usize>hRow) << 2, bytes = (<usize>units) << 2;
  for (let now = 0; now < t; now++) {
    const first = load<i32>(steps + ((<usize>now) << 2));
    const end = load<i32>(steps + ((<usize>now) << 2), 4);
    const previous = reverse ? now + 1 : now - 1;
    let row = first;
    if (previous >= 0 && previous < t) {
      const from = load<i32>(steps + ((<usize>previous) << 2));
      const count = min(end - first, load<i32>(steps + ((<usize>previous) << 2), 4) - from);
      for (; row < first + count; row++) {
        memory.copy(before + <usize>row * bytes, h + <usize>(row - first + from) * hBytes, bytes);
      }
    }
    memory.fill(before + <usize>row * bytes, 0, <usize>(end - row) * bytes);
  }
}
