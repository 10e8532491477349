/** From emissions to losses and tags. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface DecodingKernels {
  crf_weights(k: number, scores: Pointer, out: Pointer, transposed: Pointer): void;
  exp_rows_wide(n: number, k: number, e: Pointer, out: Pointer, shift: Pointer): void;
  crf_forward(
    t: number,
    steps: Pointer,
    k: number,
    start: Pointer,
    transitions: Pointer,
    stop: Pointer,
    E: Pointer,
    alpha: Pointer,
    scale: Pointer,
    z: Pointer,
  ): void;
  crf_backward(
    t: number,
    steps: Pointer,
    k: number,
    transposed: Pointer,
    stop: Pointer,
    E: Pointer,
    alpha: Pointer,
    scale: Pointer,
    z: Pointer,
    beta: Pointer,
    posteriors: Pointer,
    w: Pointer,
  ): void;
  crf_counts(
    t: number,
    steps: Pointer,
    k: number,
    transitions: Pointer,
    alpha: Pointer,
    w: Pointer,
    before: Pointer,
    sums: Pointer,
    counts: Pointer,
  ): void;
  crf_gold(
    t: number,
    steps: Pointer,
    k: number,
    tags: Pointer,
    e: Pointer,
    start: Pointer,
    transitions: Pointer,
    stop: Pointer,
    dE: Pointer,
    dStart: Pointer,
    dTransitions: Pointer,
    dStop: Pointer,
    gold: Pointer,
  ): void;
  viterbi(
    t: number,
    steps: Pointer,
    k: number,
    e: Pointer,
    start: Pointer,
    transitions: Pointer,
    stop: Pointer,
    delta: Pointer,
    back: Pointer,
    tags: Pointer,
  ): void;
  softmax_rows(n: number, k: number, x: Pointer, y: Pointer, sums: Pointer, shift: Pointer): void;
  subtract_target(n: number, k: number, tags: Pointer, smoothing: number, dy: Pointer): void;
  beam_select(
    n: number,
    width: number,
    beam: number,
    k: number,
    logits: Pointer,
    base: Pointer,
    scores: Pointer,
    tags: Pointer,
    parents: Pointer,
  ): void;
}
