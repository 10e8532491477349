/**
 * Characters of words to one vector a word: embeddings [C × D], a convolution of F filters over `width` characters with
 * zeros beyond the word's ends, and the largest value of each filter over the word (Ma and Hovy 2016).
 *
 * The rows of all words lie one after another with (width − 1) / 2 rows of zeros between, so that a window is `width`
 * neighbouring rows: the convolution is one matrix product whose rows overlap.
 */
import { type Matrix, matrix, rowsFrom } from '../core/matrix.js';
import { packedTransposed } from '../core/packed.js';
import type { Params } from '../core/params.js';
import { addBiasGradient, blank, multiply } from '../core/product.js';
import { gradient, type Run } from '../core/run.js';
import type { Characters } from './characters.js';
import { dropout } from './dropout.js';
import { uniform, zeros } from './init.js';

/** The characters of `words` words; see `layOutWords`. */
export interface CharRows {
  readonly words: number;
  /** Rows with the zero rows. */
  readonly rows: number;
  /** Address of the character of every row, −1 for zeros: i32 [rows]. */
  readonly ids: number;
  /** Address of the first row of every word and of the end: i32 [words + 1]. */
  readonly starts: number;
}

export interface CharConvolutionOptions {
  readonly chars: number;
  readonly dim: number;
  readonly filters: number;
  readonly width: number;
  readonly dropout: number;
}

export interface CharConvolution {
  /** Writes out [words × F]. */
  forward(chars: CharRows, out: Matrix, run: Run): (dout: Matrix) => void;
}

/** Puts the characters of words, given by their numbers and none without one, into rows for filters of `width`. */
export function layOutWords(
  words: ArrayLike<number>,
  { starts: listStarts, values }: Characters,
  width: number,
  run: Run,
): CharRows {
  const pad = (width - 1) / 2;
  const [firsts, chars] = [listStarts.address >>> 2, values.address >>> 2];
  let view = run.arena.heap.i32;
  let rows = pad;
  for (let i = 0; i < words.length; i++) rows += view[firsts + words[i] + 1] - view[firsts + words[i]] + pad;
  const ids = run.arena.words(rows);
  const starts = run.arena.words(words.length + 1);
  // The arena may have grown.
  view = run.arena.heap.i32;
  let to = ids >>> 2;
  const padding = () => {
    for (let i = 0; i < pad; i++) view[to++] = -1;
  };
  padding();
  for (let i = 0; i < words.length; i++) {
    view[(starts >>> 2) + i] = to - (ids >>> 2);
    const end = view[firsts + words[i] + 1];
    for (let at = view[firsts + words[i]]; at < end; at++) view[to++] = view[chars + at];
    padding();
  }
  view[(starts >>> 2) + words.length] = to - (ids >>> 2);
  return { words: words.length, rows, ids, starts };
}

export function charConvolution(
  params: Params,
  name: string,
  options: CharConvolutionOptions,
): CharConvolution {
  const { chars, dim, filters, width } = options;
  const span = width * dim;
  const pad = (width - 1) / 2;
  const table = params.claim(`${name}.table`, [chars, dim], uniform(Math.sqrt(3 / dim)));
  const weight = params.claim(`${name}.weight`, [filters, span], uniform(1 / Math.sqrt(span)));
  const bias = params.claim(`${name}.bias`, [filters], zeros);
  const factor = packedTransposed(params, weight);
  return {
    forward({ words, rows, ids, starts }, out, run) {
      const { kernels, arena } = run;
      const embedded = blank(rows, dim, run);
      kernels.gather(rows, dim, ids, params.address(table), chars, 0, embedded.address, dim);
      const [x, dropoutBackward] = dropout(embedded, options.dropout, run);
      const windows = matrix(x.address, rows - 2 * pad, span, dim);
      const y = blank(rows, filters, run);
      multiply(windows, factor.fresh(kernels), rowsFrom(y, pad), run);
      const winners = arena.words(words * filters);
      const [b, to] = [params.address(bias), out.address];
      kernels.char_max(words, filters, pad, starts, y.address, b, winners, to, out.stride);
      return (dout) => {
        const dx = matrix(arena.zeros(rows * dim), rows, dim);
        const [dy, dyRow, w, dw] = [dout.address, dout.stride, params.address(weight), gradient(run, weight)];
        const from = x.address;
        kernels.char_max_backward(
          words,
          filters,
          dim,
          span,
          pad,
          winners,
          dy,
          dyRow,
          from,
          w,
          dx.address,
          dw,
        );
        addBiasGradient(dout, gradient(run, bias), run);
        const d = dropoutBackward(dx);
        kernels.scatter_add(rows, dim, ids, d.address, d.stride, gradient(run, table));
      };
    },
  };
}
