/** The vectors of the distances between the tokens of a sentence, as relative attention reads them. */
import { packedBytes } from '../core/packed.js';
import { packedCopy } from '../core/product.js';
import type { Run } from '../core/run.js';
import { sinusoids } from './sinusoids.js';

/** Packed copies of the vectors of −(longest − 1) … longest − 1. */
export interface Distances {
  readonly longest: number;
  /** As columns, for the forward pass. */
  readonly columns: number;
  /** As rows, for the backward pass; 0 where there is none. */
  readonly rows: number;
}

/** For all sentences of the batch and heads of `size` columns, so long that the factor on scores, 1 / √size, does not make them smaller. */
export function distancesOf(size: number, run: Run): Distances {
  const longest = Math.max(1, run.batch.length);
  const count = 2 * longest - 1;
  const vectors = sinusoids(1 - longest, count, size, run, Math.sqrt(size));
  const columns = run.arena.allocate(packedBytes(size, count));
  run.kernels.pack_transposed(size, count, vectors.address, vectors.stride, columns);
  return { longest, columns, rows: run.gradients === 0 ? 0 : packedCopy(vectors, run) };
}
