/**
 * Convolution over the characters of each word with zeros around it, and its maximum. Whole numbers make every result
 * exact, and equal maxima frequent.
 */
import { describe, it } from 'vitest';
import { combine, seeded, unset, wholeNumbers } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { type CharLayer, convolution, makeLayer, maxima } from '../support/char-cnn.js';
import { exact, expectClose } from '../support/close.js';
import type { GuardedMemory } from '../support/memory.js';

const layers = combine({
  words: [[], [1], [1, 1], [5], [1, 3, 2, 9, 1]],
  filters: [1, 2, 3, 4, 5, 8, 9, 17],
  dim: [1, 2, 3, 4, 5, 9],
  width: [1, 3, 5, 7],
  extra: [0, 3],
});
const spaced = (rows: number, columns: number, extra: number) =>
  rows > 0 ? rows * (columns + extra) - extra : 0;

eachBuild(({ kernels, check }) => {
  describe('char_max', () => {
    it('is the first of the largest values of a word, plus the bias', () => {
      check(layers, ({ words, filters, dim, width, extra }, memory) => {
        const layer = makeLayer(words, filters, dim, width);
        const start = wholeNumbers(spaced(words.length, filters, extra), seeded());
        const out = memory.output(start);
        const winners = memory.output(new Int32Array(words.length * filters).fill(-7));
        const [starts, y, bias] = [layer.starts, convolution(layer), layer.bias].map((array) =>
          memory.input(array),
        );
        kernels.char_max(
          words.length,
          filters,
          layer.pad,
          starts,
          y,
          bias,
          winners.address,
          out.address,
          filters + extra,
        );
        const expected = maxima(layer);
        expected.values.forEach((value, i) => {
          start[Math.floor(i / filters) * (filters + extra) + (i % filters)] =
            value + layer.bias[i % filters];
        });
        expectClose(winners.read(), expected.winners, exact, 'winner');
        expectClose(out.read(), start, exact);
      });
    });

    it('takes a product of overlapping rows for the convolution', () => {
      check(layers, ({ words, filters, dim, width }, memory) => {
        const layer = makeLayer(words, filters, dim, width);
        const y = overlappingProduct(layer, memory);
        const expected = convolution(layer);
        expectClose(
          y.filter((_, i) => !Number.isNaN(expected[i])),
          expected.filter((value) => !Number.isNaN(value)),
          exact,
        );
      });
    });
  });

  function overlappingProduct(
    { rows, filters, dim, width, pad, x, weights }: CharLayer,
    memory: GuardedMemory,
  ): Float32Array {
    const span = width * dim;
    const packed = memory.output(unset(Math.ceil(filters / 8) * span * 8)).address;
    kernels.pack_transposed(span, filters, memory.input(weights), span, packed);
    const y = memory.output(unset(rows * filters));
    const from = y.address + pad * filters * 4;
    kernels.matmul(
      Math.max(0, rows - 2 * pad),
      filters,
      span,
      memory.input(x),
      dim,
      1,
      packed,
      from,
      filters,
      false,
    );
    return y.read();
  }

  it('char_max_backward gives the gradient to the winners alone', () => {
    check(layers, ({ words, filters, dim, width, extra }, memory) => {
      const layer = makeLayer(words, filters, dim, width);
      const random = seeded(words.length);
      const dy = wholeNumbers(spaced(words.length, filters, extra), random);
      const { winners } = maxima(layer);
      const [dx, dFilters] = [layer.x, layer.weights].map((array) => wholeNumbers(array.length, random));
      const [dxOut, dFiltersOut] = [memory.output(dx), memory.output(dFilters)];
      kernels.char_max_backward(
        words.length,
        filters,
        dim,
        width * dim,
        layer.pad,
        memory.input(winners),
        memory.input(dy),
        filters + extra,
        memory.input(layer.x),
        memory.input(layer.weights),
        dxOut.address,
        dFiltersOut.address,
      );
      words.forEach((_, word) => {
        for (let filter = 0; filter < filters; filter++) {
          const gradient = dy[word * (filters + extra) + filter];
          const first = (winners[word * filters + filter] - layer.pad) * dim;
          for (let i = 0; i < width * dim; i++) {
            dx[first + i] += gradient * layer.weights[filter * width * dim + i];
            dFilters[filter * width * dim + i] += gradient * layer.x[first + i];
          }
        }
      });
      expectClose(dxOut.read(), dx, exact, 'dx');
      expectClose(dFiltersOut.read(), dFilters, exact, 'dFilters');
    });
  });

  it('char_max_backward follows the loss when a value moves by a whole number that changes no winner', () => {
    // One filter that is far ahead at one character: the maximum is linear in every number near it.
    const layer = makeLayer([3, 1], 1, 2, 3);
    layer.x.set([100, 100], 2 * 2);
    layer.weights.set([0, 0, 3, 3, 1, 2]);
    check([layer], (_, memory) => {
      const { winners } = maxima(layer);
      const [dx, dFilters] = [
        memory.output(new Float32Array(layer.x.length)),
        memory.output(new Float32Array(6)),
      ];
      kernels.char_max_backward(
        1,
        1,
        2,
        6,
        1,
        memory.input(winners),
        memory.input(Float32Array.of(1)),
        1,
        memory.input(layer.x),
        memory.input(layer.weights),
        dx.address,
        dFilters.address,
      );
      const moved = (array: Float32Array, i: number) => {
        const before = maxima(layer).values[0];
        array[i] += 1;
        const after = maxima(layer).values[0];
        array[i] -= 1;
        return after - before;
      };
      // Row 1 to 3 are the first word's characters; gradients of padding rows have no meaning.
      const places = [2, 3, 4, 5, 6, 7];
      expectClose(
        places.map((i) => dx.read()[i]),
        places.map((i) => moved(layer.x, i)),
        exact,
        'dx',
      );
      expectClose(
        dFilters.read(),
        Array.from(layer.weights, (_w, i) => moved(layer.weights, i)),
        exact,
        'dFilters',
      );
    });
  });
});
