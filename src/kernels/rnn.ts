/**
 * One direction of a plain recurrent layer over a ragged batch (Elman 1990), walked as `recurrence.ts` says.
 *
 *   z  [N × H]  x · W + b on entry; z before the activation on return
 *   u  [H × H]  the recurrent weights, packed; uT their transpose, packed
 *   h  [N × H]  output, rows `hRow` apart; read again by the backward pass
 *
 *   h = tanh(z + h' · U), or the same with `relu`
 */
import { tanh4 } from './math';
import { matmul } from './matmul';
import { alive_at, hand_back, recall, walked } from './recurrence';
import { get, put } from './simd';
import { step_row } from './steps';

export function rnn_forward(
  t: i32, steps: usize, reverse: bool, units: i32, relu: bool,
  z: usize, u: usize, state: usize, mask: usize, before: usize, h: usize, hRow: i32,
): void {
  const bytes = (<usize>units) << 2, hBytes = (<usize>hRow) << 2;
  let previous = state, previousBytes = bytes;
  let known = state ? i32.MAX_VALUE : 0;
  for (let place = 0; place < t; place++) {
    const now = walked(t, place, reverse);
    const first = <usize>step_row(steps, now), alive = alive_at(steps, now), carried = min(known, alive);
    const sums = z + first * bytes, recalled = before + first * bytes, out = h + first * hBytes;
    recall(alive, carried, units, previous, previousBytes, mask, recalled);
    matmul(carried, units, units, recalled, units, 1, u, sums, units, true);
    for (let b = 0; b < alive; b++) activate(units, relu, sums + <usize>b * bytes, out + <usize>b * hBytes);
    previous = out;
    previousBytes = hBytes;
    known = alive;
  }
}

function activate(units: i32, relu: bool, z: usize, h: usize): void {
  const end = z + ((<usize>units) << 2);
  for (; z + 16 <= end; z += 16, h += 16) put(h, activated(relu, get(z, true)), true);
  for (; z < end; z += 4, h += 4) put(h, activated(relu, get(z, false)), false);
}

@inline
function activated(relu: bool, z: v128): v128 {
  return relu ? f32x4.max(z, f32x4.splat(0)) : tanh4(z);
}

/**
 * dh [N × H] (rows `dhRow` apart) the gradient of the output, to which the recurrent gradient is added on the way; z on
 * return the gradient of x · W + b, whatever it was. The state is a constant. `work` [B × H] is used where there is a mask.
 */
export function rnn_backward(
  t: i32, steps: usize, reverse: bool, units: i32, relu: bool,
  z: usize, uT: usize, mask: usize, work: usize, h: usize, hRow: i32, dh: usize, dhRow: i32,
): void {
  const bytes = (<usize>units) << 2, hBytes = (<usize>hRow) << 2, dhBytes = (<usize>dhRow) << 2;
  for (let place = t - 1; place >= 0; place--) {
    const now = walked(t, place, reverse);
    const first = <usize>step_row(steps, now), alive = alive_at(steps, now);
    const dz = z + first * bytes, out = h + first * hBytes, d = dh + first * dhBytes;
    for (let b = 0; b < alive; b++) {
      const row = <usize>b;
      activate_backward(units, relu, out + row * hBytes, d + row * dhBytes, dz + row * bytes);
    }
    if (place === 0) continue;
    const step = walked(t, place - 1, reverse);
    const carried = min(alive, alive_at(steps, step));
    hand_back(carried, units, units, dz, units, uT, mask, work, dh + <usize>step_row(steps, step) * dhBytes, dhRow);
  }
}

function activate_backward(units: i32, relu: bool, h: usize, dh: usize, dz: usize): void {
  const end = h + ((<usize>units) << 2);
  for (; h + 16 <= end; h += 16, dh += 16, dz += 16) put(dz, slope(relu, get(h, true), get(dh, true)), true);
  for (; h < end; h += 4, dh += 4, dz += 4) put(dz, slope(relu, get(h, false), get(dh, false)), false);
}

/** dh times the derivative of the activation, which its value tells. */
@inline
function slope(relu: bool, h: v128, dh: v128): v128 {
  if (relu) return v128.and(dh, f32x4.gt(h, f32x4.splat(0)));
  return f32x4.mul(dh, f32x4.sub(f32x4.splat(1), f32x4.mul(h, h)));
}
