/**
 * Parts of sentences under a CRF, given the gold tag before each: a part that begins inside of its sentence starts with the transition
 * from that tag, and one behind which the sentence goes on has no stop score. These scores, and start and stop of whole sentences, are
 * added to the emissions of the first and last tokens, so that the kernels have zeros for start and stop.
 */
import type { Matrix } from '../core/matrix.js';
import type { OpenEnds } from '../core/parts.js';
import type { Run } from '../core/run.js';
import type { CrfScores } from './crf-scores.js';
import { paddedTags } from './recursions.js';

/** Addresses of gradients: [K], [K × K], [K]. */
export interface CrfGradients {
  readonly start: number;
  readonly transitions: number;
  readonly stop: number;
}

export interface Folded {
  /** The scores beside the emissions. */
  readonly scores: CrfScores;
  /** Adds the gradient of the emissions, without gaps at an address, to those of the scores that were folded into them. */
  addGradients(dE: number, gradients: CrfGradients): void;
}

/** Changes e [N × K], which has no gaps. */
export function foldEnds(e: Matrix, ends: OpenEnds, scores: CrfScores, run: Run): Folded {
  const { kernels, arena, batch } = run;
  const k = e.cols;
  const width = paddedTags(k);
  const [zeros, ones] = [arena.zeros(k), arena.allocate(width * 8)];
  arena.heap.f64.fill(1, ones >>> 3, (ones >>> 3) + k);
  arena.heap.f64.fill(0, (ones >>> 3) + k, (ones >>> 3) + width);
  /** Hands over the row of an emission, and the place of what is folded into it. */
  const each = (
    fold: (row: number, of: CrfGradients, name: keyof CrfGradients, tag: number) => void,
    of: CrfGradients,
  ) => {
    for (let rank = 0; rank < batch.sentences; rank++) {
      const before = ends.before[rank];
      if (before < 0) fold(rank, of, 'start', 0);
      else fold(rank, of, 'transitions', before);
      if (ends.goesOn[rank] === 0) fold(lastRow(batch, rank), of, 'stop', 0);
    }
  };
  each((row, of, name, tag) => {
    kernels.add(k, of[name] + tag * k * 4, e.address + row * k * 4);
  }, scores);
  const { exp } = scores;
  return {
    scores: { ...scores, start: zeros, stop: zeros, exp: { ...exp, start: ones, stop: ones } },
    addGradients(dE, gradients) {
      each((row, of, name, tag) => {
        kernels.add(k, dE + row * k * 4, of[name] + tag * k * 4);
      }, gradients);
    },
  };
}

/** The first row of a sentence is its rank. */
function lastRow({ firstRows, length }: Run['batch'], rank: number): number {
  let t = 0;
  while (t + 1 < length && rank < firstRows[t + 2] - firstRows[t + 1]) t++;
  return firstRows[t] + rank;
}
