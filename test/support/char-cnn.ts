/** The character CNN by its definition: words with zeros around them, one filter at one character at a time. */
import { seeded, unset, wholeNumbers } from './arrays.js';

export interface CharLayer {
  words: readonly number[];
  filters: number;
  dim: number;
  width: number;
  pad: number;
  starts: Int32Array;
  rows: number;
  x: Float32Array;
  weights: Float32Array;
  bias: Float32Array;
}

/** Words of the given lengths, `pad` zero rows before, between and after them. */
export function makeLayer(words: readonly number[], filters: number, dim: number, width: number): CharLayer {
  const random = seeded(filters, dim, width);
  const pad = (width - 1) / 2;
  const starts = [pad];
  for (const length of words) starts.push(starts.at(-1)! + length + pad);
  const rows = starts.at(-1)!;
  const x = new Float32Array(rows * dim);
  words.forEach((length, word) => {
    x.set(wholeNumbers(length * dim, random, 2), starts[word] * dim);
  });
  const weights = wholeNumbers(filters * width * dim, random, 2);
  const bias = wholeNumbers(filters, random);
  return { words, filters, dim, width, pad, starts: Int32Array.from(starts), rows, x, weights, bias };
}

/** The value of a filter at a character: characters outside of the word count as zeros. */
function convolve(
  { words, dim, width, pad, starts, x, weights }: CharLayer,
  word: number,
  at: number,
  filter: number,
): number {
  let sum = 0;
  for (let offset = 0; offset < width; offset++) {
    const character = at + offset - pad;
    if (character < 0 || character >= words[word]) continue;
    for (let d = 0; d < dim; d++) {
      sum += x[(starts[word] + character) * dim + d] * weights[(filter * width + offset) * dim + d];
    }
  }
  return sum;
}

/** The maxima without bias, and the row of the first of each. */
export function maxima(layer: CharLayer): { values: Float64Array; winners: Int32Array } {
  const { words, filters, starts } = layer;
  const values = new Float64Array(words.length * filters).fill(-Infinity);
  const winners = new Int32Array(values.length);
  words.forEach((length, word) => {
    for (let filter = 0; filter < filters; filter++) {
      for (let at = 0; at < length; at++) {
        const value = convolve(layer, word, at, filter);
        const slot = word * filters + filter;
        if (value <= values[slot]) continue;
        values[slot] = value;
        winners[slot] = starts[word] + at;
      }
    }
  });
  return { values, winners };
}

/** The convolution at every row that is a character, as the kernel wants it; NaN elsewhere, where it must not look. */
export function convolution(layer: CharLayer): Float32Array {
  const y = unset(layer.rows * layer.filters);
  layer.words.forEach((length, word) => {
    for (let at = 0; at < length; at++) {
      for (let filter = 0; filter < layer.filters; filter++) {
        y[(layer.starts[word] + at) * layer.filters + filter] = convolve(layer, word, at, filter);
      }
    }
  });
  return y;
}
