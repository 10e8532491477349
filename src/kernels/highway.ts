/**
 * A highway (Srivastava et al. 2015): gates decide how much of h replaces x. All matrices [m × n]; those of x and dy have rows
 * `xRow` and `dyRow` floats apart, the others no gaps.
 *
 *   z  the gates before the sigmoid on entry; the gates t on return
 *
 *   t = sigmoid(z), y = t ∘ h + (1 − t) ∘ x
 */
import { sigmoid4 } from './math';
import { get, madd, put } from './simd';

export function highway(m: i32, n: i32, z: usize, h: usize, x: usize, xRow: i32, y: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, z += bytes, h += bytes, x += (<usize>xRow) << 2, y += bytes) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) mix(z + at, h + at, x + at, y + at, true);
    for (; at < bytes; at += 4) mix(z + at, h + at, x + at, y + at, false);
  }
}

@inline
function mix(z: usize, h: usize, x: usize, y: usize, wide: bool): void {
  const t = sigmoid4(get(z, wide)), old = get(x, wide);
  put(z, t, wide);
  put(y, madd(t, f32x4.sub(get(h, wide), old), old), wide);
}

/** t as `highway` leaves it on entry, on return the gradient of z; dh = dy ∘ t, dx = dy ∘ (1 − t), what comes through z not in it. */
export function highway_backward(
  m: i32, n: i32, t: usize, h: usize, x: usize, xRow: i32, dy: usize, dyRow: i32, dh: usize, dx: usize,
): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) mix_backward(t + at, h + at, x + at, dy + at, dh + at, dx + at, true);
    for (; at < bytes; at += 4) mix_backward(t + at, h + at, x + at, dy + at, dh + at, dx + at, false);
    t += bytes;
    h += bytes;
    x += (<usize>xRow) << 2;
    dy += (<usize>dyRow) << 2;
    dh += bytes;
    dx += bytes;
  }
}

@inline
function mix_backward(t: usize, h: usize, x: usize, dy: usize, dh: usize, dx: usize, wide: bool): void {
  const gate = get(t, wide), d = get(dy, wide), through = f32x4.mul(d, gate), rest = f32x4.sub(d, through);
  put(t, f32x4.mul(f32x4.mul(rest, gate), f32x4.sub(get(h, wide), get(x, wide))), wide);
  put(dh, through, wide);
  put(dx, rest, wide);
}
