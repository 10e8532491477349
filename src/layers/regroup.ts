/** The rows of sequences in the order of their parts, for the layers behind that work on parts; nothing moves where both are the same. */
import type { Matrix } from '../core/matrix.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';
import type { Layer } from './in-turn.js';

export const regroup: Layer = (x, run) => {
  const { parts, kernels } = run;
  if (!parts) return [x, (dy) => dy];
  const picked = (from: Matrix, ids: number) => {
    const to = blank(from.rows, from.cols, run);
    kernels.pick_rows(to.rows, to.cols, ids, from.address, from.stride, to.address, to.stride);
    return to;
  };
  return [picked(x, parts.rows), (dy) => picked(dy, parts.back)];
};

/** The run of the layers that work on parts. */
export function runOfParts(run: Run): Run {
  return run.parts ? { ...run, batch: run.parts.batch, parts: undefined, carry: undefined } : run;
}
