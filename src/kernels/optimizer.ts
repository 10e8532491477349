/**
 * One fused step of an optimizer over n floats: parameters p, gradient g (multiplied by `scale`, the clipping factor,
 * and set to zero on the way), state.
 */
import { get, madd, put } from './simd';

/** v = momentum · v + g + decay · p; p −= rate · v (Sutskever et al. 2013, without Nesterov). v = 0: no momentum, no state. */
export function sgd(n: i32, p: usize, g: usize, v: usize, scale: f32, rate: f32, momentum: f32, decay: f32): void {
  const end = p + ((<usize>n) << 2);
  if (v) {
    for (; p + 16 <= end; p += 16, g += 16, v += 16) sgd_momentum(p, g, v, scale, rate, momentum, decay, true);
    for (; p < end; p += 4, g += 4, v += 4) sgd_momentum(p, g, v, scale, rate, momentum, decay, false);
  } else {
    for (; p + 16 <= end; p += 16, g += 16) sgd_plain(p, g, scale, rate, decay, true);
    for (; p < end; p += 4, g += 4) sgd_plain(p, g, scale, rate, decay, false);
  }
}

@inline
function sgd_plain(p: usize, g: usize, scale: f32, rate: f32, decay: f32, wide: bool): void {
  const weight = get(p, wide);
  const gradient = madd(f32x4.splat(scale), get(g, wide), f32x4.mul(f32x4.splat(decay), weight));
  put(p, madd(f32x4.splat(-rate), gradient, weight), wide);
  put(g, f32x4.splat(0), wide);
}

@inline
function sgd_momentum(p: usize, g: usize, v: usize, scale: f32, rate: f32, momentum: f32, decay: f32, wide: bool): void {
  const weight = get(p, wide);
  const gradient = madd(f32x4.splat(scale), get(g, wide), f32x4.mul(f32x4.splat(decay), weight));
  const velocity = madd(f32x4.splat(momentum), get(v, wide), gradient);
  put(v, velocity, wide);
  put(p, madd(f32x4.splat(-rate), velocity, weight), wide);
  put(g, f32x4.splat(0), wide);
}

/**
 * Adam (Kingma and Ba 2015) with an L2 penalty in the gradient, and AdamW (Loshchilov and Hutter 2019) with weight decay
 * apart from it. `rate` includes the bias correction √(1 − β₂ᵗ) / (1 − β₁ᵗ) and `epsilon` is scaled likewise by the
 * caller; `shrink` = learning rate · weight decay.
 */
export function adam(
  n: i32, p: usize, g: usize, m: usize, v: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, epsilon: f32, penalty: f32, shrink: f32,
): void {
  const end = p + ((<usize>n) << 2);
  for (; p + 16 <= end; p += 16, g += 16, m += 16, v += 16) {
    adam_units(p, g, m, v, scale, rate, beta1, beta2, epsilon, penalty, shrink, true);
  }
  for (; p < end; p += 4, g += 4, m += 4, v += 4) {
    adam_units(p, g, m, v, scale, rate, beta1, beta2, epsilon, penalty, shrink, false);
  }
}

@inline
function adam_units(
  p: usize, g: usize, m: usize, v: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, epsilon: f32, penalty: f32, shrink: f32, wide: bool,
): void {
  const weight = get(p, wide);
  const gradient = madd(f32x4.splat(scale), get(g, wide), f32x4.mul(f32x4.splat(penalty), weight));
  const mean = madd(f32x4.splat(beta1), get(m, wide), f32x4.mul(f32x4.splat(<f32>1 - beta1), gradient));
  const square = madd(f32x4.splat(beta2), get(v, wide), f32x4.mul(f32x4.splat(<f32>1 - beta2), f32x4.mul(gradient, gradient)));
  put(m, mean, wide);
  put(v, square, wide);
  const step = f32x4.div(mean, f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon)));
  const shrunk = madd(f32x4.splat(-shrink), weight, weight);
  put(p, madd(f32x4.splat(-rate), step, shrunk), wide);
  put(g, f32x4.splat(0), wide);
}

/** `sgd` on the rows ids[0…count) of a table; row i of the gradients belongs to ids[i]. */
export function sgd_rows(
  count: i32, dim: i32, ids: usize, table: usize, g: usize, v: usize, scale: f32, rate: f32, momentum: f32, decay: f32,
): void {
  const bytes = (<usize>dim) << 2;
  for (let i = 0; i < count; i++, ids += 4, g += bytes) {
    const at = <usize>load<i32>(ids) * bytes;
    sgd(dim, table + at, g, v ? v + at : 0, scale, rate, momentum, decay);
  }
}

/** `adam` on the rows ids[0…count) of a table; the moments of other rows rest. */
export function adam_rows(
  count: i32, dim: i32, ids: usize, table: usize, g: usize, m: usize, v: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, epsilon: f32, penalty: f32, shrink: f32,
): void {
  const bytes = (<usize>dim) << 2;
  for (let i = 0; i < count; i++, ids += 4, g += bytes) {
    const at = <usize>load<i32>(ids) * bytes;
    adam(dim, table + at, g, m + at, v + at, scale, rate, beta1, beta2, epsilon, penalty, shrink);
  }
}
