/** The time steps of a ragged batch (see src/core/batch.ts): `steps` [T + 1] holds the first row of every step and the end. */

/** First row of a step. */
@inline
export function step_row(steps: usize, step: i32): i32 {
  return load<i32>(steps + ((<usize>step) << 2));
}

/** Sentences that have a token at the step after `step`. */
@inline
export function alive_after(t: i32, steps: usize, step: i32): i32 {
  return step + 1 < t ? step_row(steps, step + 2) - step_row(steps, step + 1) : 0;
}
