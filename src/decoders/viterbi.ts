/** The best allowed path of every sentence of a batch. */
import type { Matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';

/** The score of what is forbidden: its exponential is 0, and sums of it stay finite. */
export const FORBIDDEN = -1e30;

/** Addresses of scores [K], [K × K] from row to column (packed), and [K]; FORBIDDEN where a tag may not stand. */
export interface PathScores {
  readonly start: number;
  readonly packedTransitions: number;
  readonly stop: number;
}

/** Address of the tags: i32 [N]. */
export function bestPath(e: Matrix, { start, packedTransitions, stop }: PathScores, run: Run): number {
  const { kernels, arena, batch } = run;
  const { length: t, steps, tokens } = batch;
  const k = e.cols;
  const width = Math.ceil(k / 8) * 8;
  const [delta, back, tags] = [arena.words(tokens * width), arena.words(tokens * width), arena.words(tokens)];
  kernels.viterbi(t, steps, k, e.address, start, packedTransitions, stop, delta, back, tags);
  return tags;
}
