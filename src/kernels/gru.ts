/**
 * One direction of a GRU over a ragged batch (Cho et al. 2014), walked as `recurrence.ts` says. The reset gate follows the
 * recurrent product, as in cuDNN and PyTorch, so that a step is one product; with the gate before it there would be two, the
 * second waiting for the first.
 *
 *   z  [N × 4H]  on entry n: x · Wₙ + bₙ, r and k: the same of the gates, q: c; on return the new value n, the gates r (reset)
 *                and k (keep), and q = h' · Uₙ + c
 *   u  [H × 3H]  the recurrent weights of r, k and q, packed; uT their transpose, packed
 *   h  [N × H]   output, rows `hRow` apart; read again by the backward pass, as is `state` [B × H]
 *
 *   r, k = sigmoid(z), n = tanh(z + r · q), h = k · h' + (1 − k) · n
 *
 * The columns of W (n, r, k) and of U (r, k, q) are neighbours in z, so that each is one product that adds to it.
 */
import { sigmoid4, tanh4 } from './math';
import { matmul } from './matmul';
import { alive_at, hand_back, recall, walked } from './recurrence';
import { get, madd, put } from './simd';
import { step_row } from './steps';

export function gru_forward(
  t: i32, steps: usize, reverse: bool, units: i32,
  z: usize, u: usize, state: usize, mask: usize, before: usize, h: usize, hRow: i32,
): void {
  const bytes = (<usize>units) << 2, hBytes = (<usize>hRow) << 2, zBytes = (<usize>units) << 4;
  let previous = state, previousBytes = bytes;
  let known = state ? i32.MAX_VALUE : 0;
  for (let place = 0; place < t; place++) {
    const now = walked(t, place, reverse);
    const first = <usize>step_row(steps, now), alive = alive_at(steps, now), carried = min(known, alive);
    const gates = z + first * zBytes, recalled = before + first * bytes, out = h + first * hBytes;
    recall(alive, carried, units, previous, previousBytes, mask, recalled);
    matmul(carried, 3 * units, units, recalled, units, 1, u, gates + bytes, units << 2, true);
    for (let b = 0; b < alive; b++) {
      const hBefore = b < carried ? previous + <usize>b * previousBytes : 0;
      gru_cell(units, gates + <usize>b * zBytes, hBefore, out + <usize>b * hBytes);
    }
    previous = out;
    previousBytes = hBytes;
    known = alive;
  }
}

function gru_cell(units: i32, z: usize, hBefore: usize, h: usize): void {
  let j = 0;
  for (; j + 4 <= units; j += 4) gru_units(units, j, z, hBefore, h, true);
  for (; j < units; j++) gru_units(units, j, z, hBefore, h, false);
}

@inline
function gru_units(units: i32, j: i32, z: usize, hBefore: usize, h: usize, wide: bool): void {
  const at = (<usize>j) << 2, gate = (<usize>units) << 2;
  const zn = z + at, zr = zn + gate, zk = zr + gate, zq = zk + gate;
  const r = sigmoid4(get(zr, wide)), k = sigmoid4(get(zk, wide));
  const n = tanh4(madd(r, get(zq, wide), get(zn, wide)));
  const old = hBefore ? get(hBefore + at, wide) : f32x4.splat(0);
  put(zn, n, wide);
  put(zr, r, wide);
  put(zk, k, wide);
  put(h + at, madd(k, f32x4.sub(old, n), n), wide);
}

/**
 * dh [N × H] (rows `dhRow` apart) the gradient of the output, to which the recurrent gradient is added on the way; z as
 * `gru_forward` leaves it on entry, on return the gradient of what it was before: of x · Wₙ + bₙ, of r and k before the
 * sigmoid, of q. The state is a constant. `work` [B × H] is used where there is a mask.
 */
export function gru_backward(
  t: i32, steps: usize, reverse: bool, units: i32,
  z: usize, uT: usize, state: usize, mask: usize, work: usize, h: usize, hRow: i32, dh: usize, dhRow: i32,
): void {
  const bytes = (<usize>units) << 2, zBytes = (<usize>units) << 4;
  const hBytes = (<usize>hRow) << 2, dhBytes = (<usize>dhRow) << 2;
  for (let place = t - 1; place >= 0; place--) {
    const now = walked(t, place, reverse);
    const first = <usize>step_row(steps, now), alive = alive_at(steps, now);
    const gates = z + first * zBytes, d = dh + first * dhBytes;
    let previous = state, previousBytes = bytes, dPrevious: usize = 0;
    let known = state ? alive : 0;
    if (place > 0) {
      const step = walked(t, place - 1, reverse), row = <usize>step_row(steps, step);
      previous = h + row * hBytes;
      previousBytes = hBytes;
      dPrevious = dh + row * dhBytes;
      known = alive_at(steps, step);
    }
    const carried = min(known, alive);
    for (let b = 0; b < alive; b++) {
      const hBefore = b < carried ? previous + <usize>b * previousBytes : 0;
      const dBefore = dPrevious && b < carried ? dPrevious + <usize>b * dhBytes : 0;
      cell_backward(units, gates + <usize>b * zBytes, hBefore, d + <usize>b * dhBytes, dBefore);
    }
    if (dPrevious) {
      hand_back(carried, units, 3 * units, gates + bytes, units << 2, uT, mask, work, dPrevious, dhRow);
    }
  }
}

function cell_backward(units: i32, z: usize, hBefore: usize, dh: usize, dBefore: usize): void {
  let j = 0;
  for (; j + 4 <= units; j += 4) units_backward(units, j, z, hBefore, dh, dBefore, true);
  for (; j < units; j++) units_backward(units, j, z, hBefore, dh, dBefore, false);
}

@inline
function units_backward(units: i32, j: i32, z: usize, hBefore: usize, dh: usize, dBefore: usize, wide: bool): void {
  const at = (<usize>j) << 2, gate = (<usize>units) << 2;
  const zn = z + at, zr = zn + gate, zk = zr + gate, zq = zk + gate;
  const n = get(zn, wide), r = get(zr, wide), k = get(zk, wide), q = get(zq, wide), d = get(dh + at, wide);
  const one = f32x4.splat(1);
  const old = hBefore ? get(hBefore + at, wide) : f32x4.splat(0);
  const dn = f32x4.mul(f32x4.mul(d, f32x4.sub(one, k)), f32x4.sub(one, f32x4.mul(n, n)));
  put(zn, dn, wide);
  put(zr, f32x4.mul(f32x4.mul(dn, q), f32x4.mul(r, f32x4.sub(one, r))), wide);
  put(zk, f32x4.mul(f32x4.mul(d, f32x4.sub(old, n)), f32x4.mul(k, f32x4.sub(one, k))), wide);
  put(zq, f32x4.mul(dn, r), wide);
  if (dBefore) put(dBefore + at, madd(d, k, get(dBefore + at, wide)), wide);
}
