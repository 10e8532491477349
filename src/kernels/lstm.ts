/**
 * One direction of an LSTM over a ragged batch (Hochreiter and Schmidhuber 1997; Gers et al. 2000, with forget gates),
 * walked as `recurrence.ts` says.
 *
 *   z  [N × 4H]  x · W + b on entry; the gates i, f, g, o on return
 *   u  [H × 4H]  the recurrent weights, packed; uT their transpose, packed
 *   h, c, s [N × H]  output (rows `hRow` apart), cell and tanh(cell); c and s are saved for the backward pass
 *   state [B × 2H]  h and c of the sentences before their first token; 0 for none
 *
 *   i, f, o = sigmoid(z), g = tanh(z), c = f · c' + i · g, h = o · tanh(c)
 */
import { sigmoid4, tanh4 } from './math';
import { matmul } from './matmul';
import { alive_at, hand_back, recall, walked } from './recurrence';
import { get, madd, put } from './simd';
import { step_row } from './steps';

export function lstm_forward(
  t: i32, steps: usize, reverse: bool, units: i32,
  z: usize, u: usize, state: usize, mask: usize, before: usize, h: usize, hRow: i32, c: usize, s: usize,
): void {
  const bytes = (<usize>units) << 2, hBytes = (<usize>hRow) << 2, zBytes = (<usize>units) << 4;
  let previous = state, previousBytes = bytes * 2;
  let cPrevious = state + bytes, cPreviousBytes = bytes * 2;
  let known = state ? i32.MAX_VALUE : 0;
  for (let place = 0; place < t; place++) {
    const now = walked(t, place, reverse);
    const first = <usize>step_row(steps, now), alive = alive_at(steps, now), carried = min(known, alive);
    const gates = z + first * zBytes, recalled = before + first * bytes, out = h + first * hBytes;
    const cells = c + first * bytes, squashed = s + first * bytes;
    recall(alive, carried, units, previous, previousBytes, mask, recalled);
    matmul(carried, units << 2, units, recalled, units, 1, u, gates, units << 2, true);
    for (let b = 0; b < alive; b++) {
      const row = <usize>b;
      const cBefore = b < carried ? cPrevious + row * cPreviousBytes : 0;
      lstm_cell(units, gates + row * zBytes, cBefore, out + row * hBytes, cells + row * bytes, squashed + row * bytes);
    }
    previous = out;
    previousBytes = hBytes;
    cPrevious = cells;
    cPreviousBytes = bytes;
    known = alive;
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
 * The state is a constant. `work` [B × H] is used where there is a mask.
 */
export function lstm_backward(
  t: i32, steps: usize, reverse: bool, units: i32,
  z: usize, uT: usize, state: usize, mask: usize, work: usize, dh: usize, dhRow: i32, c: usize, s: usize, dc: usize,
): void {
  const bytes = (<usize>units) << 2, dhBytes = (<usize>dhRow) << 2, zBytes = (<usize>units) << 4;
  for (let place = t - 1; place >= 0; place--) {
    const now = walked(t, place, reverse);
    const first = <usize>step_row(steps, now), alive = alive_at(steps, now);
    const gates = z + first * zBytes, d = dh + first * dhBytes, squashed = s + first * bytes;
    let cPrevious = state + bytes, cPreviousBytes = bytes * 2, dPrevious: usize = 0;
    let known = state ? alive : 0;
    if (place > 0) {
      const step = walked(t, place - 1, reverse), row = <usize>step_row(steps, step);
      cPrevious = c + row * bytes;
      cPreviousBytes = bytes;
      dPrevious = dh + row * dhBytes;
      known = alive_at(steps, step);
    }
    const carried = min(known, alive);
    for (let b = 0; b < alive; b++) {
      const row = <usize>b;
      const cBefore = b < carried ? cPrevious + row * cPreviousBytes : 0;
      cell_backward(units, gates + row * zBytes, cBefore, d + row * dhBytes, squashed + row * bytes, dc + row * bytes);
    }
    if (dPrevious) hand_back(carried, units, units << 2, gates, units << 2, uT, mask, work, dPrevious, dhRow);
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
