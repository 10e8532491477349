/**
 * One fused step of an optimizer over n floats: parameters p, gradient g (multiplied by `scale`, the clipping factor,
 * and set to zero on the way), state. `penalty` is the L2 penalty, a term of the gradient.
 */
import { get, madd, put } from './simd';

/**
 * v = momentum · v + g; p −= rate · v, or with `nesterov` rate · (g + momentum · v) (Sutskever et al. 2013, in PyTorch's form),
 * g with `penalty` · p. v = 0: no momentum, no state.
 */
export function sgd(
  n: i32, p: usize, g: usize, v: usize, scale: f32, rate: f32, momentum: f32, nesterov: bool, penalty: f32,
): void {
  if (!v) sgd_plain(n, p, g, scale, rate, penalty);
  else if (nesterov) sgd_momentum(n, p, g, v, scale, rate, momentum, true, penalty);
  else sgd_momentum(n, p, g, v, scale, rate, momentum, false, penalty);
}

@inline
function sgd_plain(n: i32, p: usize, g: usize, scale: f32, rate: f32, penalty: f32): void {
  const end = p + ((<usize>n) << 2);
  for (; p + 16 <= end; p += 16, g += 16) plain_units(p, g, scale, rate, penalty, true);
  for (; p < end; p += 4, g += 4) plain_units(p, g, scale, rate, penalty, false);
}

@inline
function plain_units(p: usize, g: usize, scale: f32, rate: f32, penalty: f32, wide: bool): void {
  const weight = get(p, wide);
  put(p, madd(f32x4.splat(-rate), penalized(g, weight, scale, penalty, wide), weight), wide);
  put(g, f32x4.splat(0), wide);
}

@inline
function sgd_momentum(
  n: i32, p: usize, g: usize, v: usize, scale: f32, rate: f32, momentum: f32, nesterov: bool, penalty: f32,
): void {
  const end = p + ((<usize>n) << 2);
  for (; p + 16 <= end; p += 16, g += 16, v += 16) momentum_units(p, g, v, scale, rate, momentum, nesterov, penalty, true);
  for (; p < end; p += 4, g += 4, v += 4) momentum_units(p, g, v, scale, rate, momentum, nesterov, penalty, false);
}

@inline
function momentum_units(
  p: usize, g: usize, v: usize, scale: f32, rate: f32, momentum: f32, nesterov: bool, penalty: f32, wide: bool,
): void {
  const weight = get(p, wide);
  const gradient = penalized(g, weight, scale, penalty, wide);
  const velocity = madd(f32x4.splat(momentum), get(v, wide), gradient);
  put(v, velocity, wide);
  const step = nesterov ? madd(f32x4.splat(momentum), velocity, gradient) : velocity;
  put(p, madd(f32x4.splat(-rate), step, weight), wide);
  put(g, f32x4.splat(0), wide);
}

/**
 * The family of Adam (Kingma and Ba 2015), told apart by numbers; g is the gradient with scale and penalty.
 * m = β₁ · m + (1 − β₁) · g; v = β₂ · v + (1 − β₂) · g²; w = v, or max(w, v) where `top` has room for w (AMSGrad, Reddi et
 * al. 2018); p = (1 − shrink) · p − rate · (m + ahead · (g − m)) / (root · √w + epsilon).
 * The caller puts the corrections of the bias into `rate` and `epsilon`. `shrink` is learning rate · weight decay, apart from
 * the gradient (Loshchilov and Hutter 2019). `ahead` is the share of the gradient itself in a step (NAdam, Dozat 2016). `root`
 * is 1, or 0 where a step is not divided by the root (the first ones of RAdam, Liu et al. 2020). With `top` those two are
 * not looked at: they would be 0 and 1.
 */
export function adam(
  n: i32, p: usize, g: usize, m: usize, v: usize, top: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, ahead: f32, root: f32, epsilon: f32, penalty: f32, shrink: f32,
): void {
  // So that Adam itself does not pay for what others do beyond it.
  if (top) adam_loop(n, p, g, m, v, top, scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink, true, false);
  else if (ahead != 0 || root != 1) {
    adam_loop(n, p, g, m, v, top, scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink, false, true);
  } else adam_loop(n, p, g, m, v, top, scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink, false, false);
}

@inline
function adam_loop(
  n: i32, p: usize, g: usize, m: usize, v: usize, top: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, ahead: f32, root: f32, epsilon: f32, penalty: f32, shrink: f32,
  hasTop: bool, isOther: bool,
): void {
  const end = p + ((<usize>n) << 2);
  for (; p + 16 <= end; p += 16, g += 16, m += 16, v += 16) {
    adam_units(p, g, m, v, top, scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink, hasTop, isOther, true);
    if (hasTop) top += 16;
  }
  for (; p < end; p += 4, g += 4, m += 4, v += 4) {
    adam_units(p, g, m, v, top, scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink, hasTop, isOther, false);
    if (hasTop) top += 4;
  }
}

@inline
function adam_units(
  p: usize, g: usize, m: usize, v: usize, top: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, ahead: f32, root: f32, epsilon: f32, penalty: f32, shrink: f32,
  hasTop: bool, isOther: bool, wide: bool,
): void {
  const weight = get(p, wide);
  const gradient = penalized(g, weight, scale, penalty, wide);
  const mean = madd(f32x4.splat(beta1), get(m, wide), f32x4.mul(f32x4.splat(<f32>1 - beta1), gradient));
  let square = madd(f32x4.splat(beta2), get(v, wide), f32x4.mul(f32x4.splat(<f32>1 - beta2), f32x4.mul(gradient, gradient)));
  put(m, mean, wide);
  put(v, square, wide);
  if (hasTop) {
    square = f32x4.pmax(square, get(top, wide));
    put(top, square, wide);
  }
  const towards = isOther ? madd(f32x4.splat(ahead), f32x4.sub(gradient, mean), mean) : mean;
  const roots = isOther ? f32x4.mul(f32x4.splat(root), f32x4.sqrt(square)) : f32x4.sqrt(square);
  const step = f32x4.div(towards, f32x4.add(roots, f32x4.splat(epsilon)));
  put(p, madd(f32x4.splat(-rate), step, shrunk(weight, shrink)), wide);
  put(g, f32x4.splat(0), wide);
}

@inline
function penalized(g: usize, weight: v128, scale: f32, penalty: f32, wide: bool): v128 {
  return madd(f32x4.splat(scale), get(g, wide), f32x4.mul(f32x4.splat(penalty), weight));
}

@inline
function shrunk(weight: v128, shrink: f32): v128 {
  return madd(f32x4.splat(-shrink), weight, weight);
}

/** `sgd` on the rows ids[0…count) of a table; row i of the gradients belongs to ids[i]. */
export function sgd_rows(
  count: i32, dim: i32, ids: usize, table: usize, g: usize, v: usize,
  scale: f32, rate: f32, momentum: f32, nesterov: bool, penalty: f32,
): void {
  const bytes = (<usize>dim) << 2;
  for (let i = 0; i < count; i++, ids += 4, g += bytes) {
    const at = <usize>load<i32>(ids) * bytes;
    sgd(dim, table + at, g, v ? v + at : 0, scale, rate, momentum, nesterov, penalty);
  }
}

/** `adam` on the rows ids[0…count) of a table; the moments of other rows rest. */
export function adam_rows(
  count: i32, dim: i32, ids: usize, table: usize, g: usize, m: usize, v: usize, top: usize,
  scale: f32, rate: f32, beta1: f32, beta2: f32, ahead: f32, root: f32, epsilon: f32, penalty: f32, shrink: f32,
): void {
  const bytes = (<usize>dim) << 2;
  for (let i = 0; i < count; i++, ids += 4, g += bytes) {
    const at = <usize>load<i32>(ids) * bytes;
    const to = top ? top + at : 0;
    adam(dim, table + at, g, m + at, v + at, to, scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink);
  }
}
