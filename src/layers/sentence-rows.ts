/**
 * The rows of a batch in the order of its sentences, every sentence in one piece, for layers that work on whole sentences;
 * and back. Layers that treat each row by itself may stand in between.
 */
import { type Matrix, matrix } from '../core/matrix.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';

/** Rows first … first + length − 1 are a sentence. */
export interface SentenceRows {
  readonly first: number;
  readonly length: number;
}

export interface SentenceOrder {
  /** From long to short. */
  readonly sentences: readonly SentenceRows[];
  /** Rows of the batch → rows by sentence, in new memory. */
  toSentences(x: Matrix): Matrix;
  /** Rows by sentence → rows of the batch, in new memory. */
  toBatch(y: Matrix): Matrix;
}

export function sentenceOrder(run: Run): SentenceOrder {
  const { arena, batch, kernels } = run;
  const { tokens, firstRows } = batch;
  const [from, to] = [arena.words(tokens), arena.words(tokens)];
  const view = arena.heap.i32;
  const sentences: SentenceRows[] = [];
  let row = 0;
  for (let rank = 0; rank < batch.sentences; rank++) {
    const first = row;
    for (let t = 0; t < batch.length && rank < firstRows[t + 1] - firstRows[t]; t++, row++) {
      view[(from >>> 2) + row] = firstRows[t] + rank;
      view[(to >>> 2) + firstRows[t] + rank] = row;
    }
    sentences.push({ first, length: row - first });
  }
  const picked = (x: Matrix, ids: number) => {
    const y = blank(tokens, x.cols, run);
    kernels.pick_rows(tokens, x.cols, ids, x.address, x.stride, y.address, y.stride);
    return y;
  };
  return { sentences, toSentences: (x) => picked(x, from), toBatch: (y) => picked(y, to) };
}

/** The rows of a sentence, in place. */
export function rowsOfSentence(whole: Matrix, { first, length }: SentenceRows): Matrix {
  return matrix(whole.address + first * whole.stride * 4, length, whole.cols, whole.stride);
}
