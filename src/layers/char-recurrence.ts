/**
 * Characters of words to one vector a word by a recurrence over them (Lample et al. 2016): embeddings [C × D], and the last
 * state of each direction side by side [words × 2H]. A word is to the recurrence what a sentence is elsewhere, and a character
 * what a token is.
 */
import { type Batch, makeBatch } from '../core/batch.js';
import { columns, type Matrix, matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { blank } from '../core/product.js';
import { gradient, type Run } from '../core/run.js';
import type { Characters } from './characters.js';
import { dropout } from './dropout.js';
import { uniform } from './init.js';
import { type Cell, recurrentDirection } from './recurrent.js';

export interface CharRecurrenceOptions {
  readonly chars: number;
  readonly dim: number;
  /** Of one direction. */
  readonly units: number;
  /** On the character embeddings. */
  readonly dropout: number;
}

export interface CharRecurrence {
  /** Writes out [words × 2H] for words by their numbers, none without a character. */
  forward(words: ArrayLike<number>, out: Matrix, run: Run): (dout: Matrix) => void;
}

export function charRecurrence(
  params: Params,
  name: string,
  options: CharRecurrenceOptions,
  characters: Characters,
  cell: Cell,
): CharRecurrence {
  const { chars, dim, units } = options;
  const table = params.claim(`${name}.table`, [chars, dim], uniform(Math.sqrt(3 / dim)));
  const directions = ['forward', 'backward'].map((direction) =>
    recurrentDirection(params, `${name}.${direction}`, cell, {
      input: dim,
      units,
      reverse: direction === 'backward',
    }),
  );
  return {
    forward(words, out, run) {
      const { kernels, arena } = run;
      const batch = batchOfWords(words, characters, run);
      const { tokens: n, sentences } = batch;
      const ids = arena.place(batch.forms);
      const embedded = blank(n, dim, run);
      kernels.gather(n, dim, ids, params.address(table), chars, 0, embedded.address, dim);
      const [x, dropoutBackward] = dropout(embedded, options.dropout, run);
      const backwards = [lastRows(batch), batch.rank].map((rows, i) => {
        const ends = arena.place(rows);
        const h = blank(n, units, run);
        const backward = directions[i].forward(x, h, { ...run, batch });
        const to = columns(out, i * units, units);
        kernels.gather(sentences, units, ends, h.address, n, 0, to.address, to.stride);
        return (dout: Matrix, dx: Matrix) => {
          const dh = matrix(arena.zeros(n * units), n, units);
          const from = columns(dout, i * units, units);
          kernels.scatter_add(sentences, units, ends, from.address, from.stride, dh.address);
          backward(dh, dx, i > 0);
        };
      });
      return (dout) => {
        const dx = blank(n, dim, run);
        for (const backward of backwards) backward(dout, dx);
        const d = dropoutBackward(dx);
        kernels.scatter_add(n, dim, ids, d.address, d.stride, gradient(run, table));
      };
    },
  };
}

/** Words as sentences whose forms are characters. */
function batchOfWords(words: ArrayLike<number>, { starts, values }: Characters, { arena }: Run): Batch {
  const { i32 } = arena.heap;
  const [firsts, chars] = [starts.address >>> 2, values.address >>> 2];
  const spelled = Array.from(words, (word) =>
    i32.subarray(chars + i32[firsts + word], chars + i32[firsts + word + 1]),
  );
  return makeBatch(spelled, arena);
}

/** The row of the last character of every word. The first characters are the rows of the first step, which `rank` numbers. */
function lastRows({ firstRows, order, length }: Batch): Int32Array {
  const rows = new Int32Array(order.length);
  for (let t = 0; t < length; t++) {
    for (let row = firstRows[t]; row < firstRows[t + 1]; row++) rows[order[row - firstRows[t]]] = row;
  }
  return rows;
}
