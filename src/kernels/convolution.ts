/**
 * Convolutions over the tokens of every sentence of a ragged batch, dilated, with zeros beyond the ends and a ReLU.
 *
 * One matrix product has multiplied every token with the weights of all taps: z [N × W·F], the F columns of tap k for the
 * token that is o(k) = (k − (W − 1) / 2) · dilation places behind the one of the output. What is left is to add them up:
 *
 *   y [N × F]  y of token t = max(0, b + Σ z of token t + o(k), columns k·F … k·F + F − 1), over the tokens that exist
 *
 * Rows are time-major, `steps` [T + 1] the first row of every time step: row b of a step and row b of any other belong to
 * the same sentence. Rows of y and dy are `yRow` and `dyRow` floats apart.
 */
import { get, put } from './simd';
import { step_row } from './steps';

export function conv_forward(
  t: i32, steps: usize, width: i32, dilation: i32, filters: i32, z: usize, b: usize, y: usize, yRow: i32,
): void {
  const bytes = (<usize>filters) << 2, stride = (<usize>yRow) << 2;
  for (let now = 0; now < t; now++) {
    const alive = step_row(steps, now + 1) - step_row(steps, now);
    for (let s = 0; s < alive; s++, y += stride) {
      memory.copy(y, b, bytes);
      for (let k = 0; k < width; k++) {
        const row = row_at(t, steps, now + offset(k, width, dilation), s);
        if (row >= 0) add_floats(filters, z + <usize>(row * width + k) * bytes, y);
      }
      rectify(filters, y);
    }
  }
}

/** dz [N × W·F] = the gradient of z, from y and its gradient dy. The F columns of the middle tap are that of b + Σ z. */
export function conv_backward(
  t: i32, steps: usize, width: i32, dilation: i32, filters: i32, y: usize, yRow: i32, dy: usize, dyRow: i32, dz: usize,
): void {
  const bytes = (<usize>filters) << 2, stride = (<usize>yRow) << 2, dStride = (<usize>dyRow) << 2;
  for (let now = 0; now < t; now++) {
    const alive = step_row(steps, now + 1) - step_row(steps, now);
    for (let s = 0; s < alive; s++) {
      for (let k = 0; k < width; k++, dz += bytes) {
        const row = row_at(t, steps, now - offset(k, width, dilation), s);
        if (row < 0) memory.fill(dz, 0, bytes);
        else rectify_gradient(filters, y + <usize>row * stride, dy + <usize>row * dStride, dz);
      }
    }
  }
}

@inline
function offset(k: i32, width: i32, dilation: i32): i32 {
  return (k - (width >> 1)) * dilation;
}

/** The row of sentence s at a step, or −1 where it has no token. */
@inline
function row_at(t: i32, steps: usize, step: i32, s: i32): i32 {
  if (step < 0 || step >= t) return -1;
  const row = step_row(steps, step) + s;
  return row < step_row(steps, step + 1) ? row : -1;
}

@inline
function add_floats(n: i32, x: usize, y: usize): void {
  const end = y + ((<usize>n) << 2);
  for (; y + 16 <= end; y += 16, x += 16) put(y, f32x4.add(get(y, true), get(x, true)), true);
  for (; y < end; y += 4, x += 4) put(y, f32x4.add(get(y, false), get(x, false)), false);
}

@inline
function rectify(n: i32, y: usize): void {
  const end = y + ((<usize>n) << 2);
  for (; y + 16 <= end; y += 16) put(y, f32x4.max(get(y, true), f32x4.splat(0)), true);
  for (; y < end; y += 4) put(y, f32x4.max(get(y, false), f32x4.splat(0)), false);
}

/** dx = dy where y is above 0, else 0. */
@inline
function rectify_gradient(n: i32, y: usize, dy: usize, dx: usize): void {
  const end = dx + ((<usize>n) << 2);
  for (; dx + 16 <= end; dx += 16, dy += 16, y += 16) put(dx, through(get(y, true), get(dy, true)), true);
  for (; dx < end; dx += 4, dy += 4, y += 4) put(dx, through(get(y, false), get(dy, false)), false);
}

@inline
function through(y: v128, dy: v128): v128 {
  return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
}
