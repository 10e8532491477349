import { describe, expect, it } from 'vitest';
import { combine, numbers, seeded, sizes, wholeNumbers } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, relativeRoundings, roundings } from '../support/close.js';

const matrices = combine({ m: [0, 1, 2, 3, 7], n: sizes, extra: [0, 3] });
/** Rows with `extra` numbers between them, none after the last. */
const spaced = (m: number, n: number, extra: number) => (m > 0 ? m * (n + extra) - extra : 0);

eachBuild(({ kernels, check }) => {
  describe('rows and columns', () => {
    it('fill_rows sets every row, and nothing between the rows', () => {
      check(matrices, ({ m, n, extra }, memory) => {
        const random = seeded(m, n);
        const b = numbers(n, random);
        const expected = numbers(spaced(m, n, extra), random);
        const y = memory.output(expected);
        kernels.fill_rows(m, n, memory.input(b), y.address, n + extra);
        for (let i = 0; i < m; i++) expected.set(b, i * (n + extra));
        expectClose(y.read(), expected, exact);
      });
    });

    it('copy_rows copies between rows of different distance', () => {
      check(combine({ m: [0, 1, 3], n: sizes, from: [0, 3], to: [0, 5] }), ({ m, n, from, to }, memory) => {
        const random = seeded(m, n);
        const x = numbers(spaced(m, n, from), random);
        const expected = numbers(spaced(m, n, to), random);
        const y = memory.output(expected);
        kernels.copy_rows(m, n, memory.input(x), n + from, y.address, n + to);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) expected[i * (n + to) + j] = x[i * (n + from) + j];
        }
        expectClose(y.read(), expected, exact);
      });
    });

    it('pick_rows copies the rows that are asked for, in any order and more than once', () => {
      check(
        combine({ n: [0, 1, 5], dim: sizes, from: [0, 3], to: [0, 5] }),
        ({ n, dim, from, to }, memory) => {
          const random = seeded(n, dim);
          const x = numbers(spaced(4, dim, from), random);
          const expected = numbers(spaced(n, dim, to), random);
          const ids = Int32Array.from({ length: n }, () => random.below(4));
          const y = memory.output(expected);
          kernels.pick_rows(n, dim, memory.input(ids), memory.input(x), dim + from, y.address, dim + to);
          ids.forEach((id, i) => {
            for (let j = 0; j < dim; j++) expected[i * (dim + to) + j] = x[id * (dim + from) + j];
          });
          expectClose(y.read(), expected, exact);
        },
      );
    });

    it('add_columns adds the sum of the rows', () => {
      check(matrices, ({ m, n, extra }, memory) => {
        const random = seeded(m, n);
        const x = wholeNumbers(spaced(m, n, extra), random);
        const expected = wholeNumbers(n, random);
        const out = memory.output(expected);
        kernels.add_columns(m, n, memory.input(x), n + extra, out.address);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) expected[j] += x[i * (n + extra) + j];
        }
        expectClose(out.read(), expected, exact);
      });
    });
  });

  it('add_rows adds row by row, and nothing between the rows', () => {
    check(combine({ m: [0, 1, 3], n: sizes, from: [0, 3], to: [0, 5] }), ({ m, n, from, to }, memory) => {
      const random = seeded(m, n);
      const x = numbers(spaced(m, n, from), random);
      const expected = numbers(spaced(m, n, to), random);
      const y = memory.output(expected);
      kernels.add_rows(m, n, memory.input(x), n + from, y.address, n + to);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) expected[i * (n + to) + j] += x[i * (n + from) + j];
      }
      expectClose(y.read(), expected, exact);
    });
  });

  it('add adds', () => {
    check(sizes, (n, memory) => {
      const random = seeded(n);
      const x = numbers(n, random);
      const y = numbers(n, random);
      const out = memory.output(y);
      kernels.add(n, memory.input(x), out.address);
      expectClose(
        out.read(),
        y.map((value, i) => value + x[i]),
        exact,
      );
    });
  });

  describe('sum_squares', () => {
    it('of any number of floats equals the sum in f64', () => {
      check([...sizes, 1023, 1024, 1025, 2047, 5001, 100_003], (n, memory) => {
        const x = numbers(n, seeded(n), 3);
        const sum = x.reduce((total, value) => total + value * value, 0);
        expectClose([kernels.sum_squares(n, memory.input(x))], [sum], relativeRoundings(256));
      });
    });

    it('is not finite when an element is not', () => {
      check(
        combine({ n: [1, 3, 4, 9, 1030], bad: [Number.NaN, Infinity, -Infinity] }),
        ({ n, bad }, memory) => {
          for (const at of new Set([0, n >> 1, n - 1])) {
            const x = numbers(n, seeded(n));
            x[at] = bad;
            expect(Number.isFinite(kernels.sum_squares(n, memory.input(x)))).toBe(false);
          }
        },
      );
    });

    it('overflows to infinity, not to a wrong number', () => {
      check([1, 4, 5], (n, memory) => {
        expect(kernels.sum_squares(n, memory.input(new Float32Array(n).fill(1e30)))).toBe(Infinity);
      });
    });
  });

  describe('clamp', () => {
    it('puts every float into ±limit, infinite ones too, and returns the sum of their squares', () => {
      check(combine({ n: [...sizes, 1030], limit: [0.25, 1, 100] }), ({ n, limit }, memory) => {
        const x = numbers(n, seeded(n), 2);
        for (let i = 3; i < n; i += 5) x[i] = i % 2 ? Infinity : -Infinity;
        const out = memory.output(x);
        const found = kernels.clamp(n, out.address, limit);
        const expected = x.map((value) => Math.min(Math.max(value, -limit), limit));
        expectClose(out.read(), expected, exact);
        const squares = expected.reduce((sum, value) => sum + value * value, 0);
        expectClose([found], [squares], relativeRoundings(256));
      });
    });

    it('leaves NaN, and returns it', () => {
      check([1, 3, 4, 9], (n, memory) => {
        for (const at of new Set([0, n >> 1, n - 1])) {
          const x = numbers(n, seeded(n));
          x[at] = Number.NaN;
          const out = memory.output(x);
          expect(kernels.clamp(n, out.address, 0.5)).toBeNaN();
          expect(out.read()[at]).toBeNaN();
        }
      });
    });
  });

  describe('approach', () => {
    it('goes a share of the way', () => {
      check(combine({ n: sizes, share: [0.001, 0.3, 0.9] }), ({ n, share }, memory) => {
        const [x, y] = [numbers(n, seeded(n), 2), numbers(n, seeded(n, 1), 2)];
        const out = memory.output(y);
        kernels.approach(n, memory.input(x), out.address, share);
        const expected = Array.from(y, (value, i) => value + Math.fround(share) * (x[i] - value));
        expectClose(out.read(), expected, roundings(3, 4));
      });
    });

    it('of nothing stays, of all arrives from 0, and where it has arrived stays, to the bit', () => {
      check(sizes, (n, memory) => {
        const x = numbers(n, seeded(n), 2);
        const [zeros, same, far] = [new Float32Array(n), x.slice(), numbers(n, seeded(n, 1))].map((array) =>
          memory.output(array),
        );
        const at = memory.input(x);
        kernels.approach(n, at, zeros.address, 1);
        kernels.approach(n, at, same.address, 0.3);
        kernels.approach(n, at, far.address, 0);
        expectClose(zeros.read(), x, exact);
        expectClose(same.read(), x, exact);
        expectClose(far.read(), numbers(n, seeded(n, 1)), exact);
      });
    });
  });

  describe('reduce_blocks', () => {
    /** Multiples of four, on both sides of 1024: so many squares are summed in floats, the rest in doubles. */
    const lengths = [0, 4, 8, 12, 16, 20, 1020, 1024, 1028, 2048, 3004];
    const shapes = combine({ n: lengths, count: [1, 2, 3, 6], extra: [0, 4] });
    /** `count` blocks with `extra` numbers between them, none after the last. */
    const blocksOf = (n: number, count: number, extra: number, random = seeded(n, count)) =>
      numbers(spaced(count, n, extra), random, 3);
    /** The sums in f32, added block by block. */
    const sumsOf = (blocks: Float32Array, n: number, count: number, stride: number) =>
      Float32Array.from({ length: n }, (_, i) => {
        let sum = blocks[i];
        for (let b = 1; b < count; b++) sum = Math.fround(sum + blocks[b * stride + i]);
        return sum;
      });

    it('adds the blocks in order, clears those behind the first, and nothing between them', () => {
      check(shapes, ({ n, count, extra }, memory) => {
        const blocks = blocksOf(n, count, extra);
        const stride = n + extra;
        const x = memory.output(blocks);
        kernels.reduce_blocks(n, count, x.address, stride * 4);
        const expected = blocks.slice();
        expected.set(sumsOf(blocks, n, count, stride));
        for (let b = 1; b < count; b++) expected.fill(0, b * stride, b * stride + n);
        expectClose(x.read(), expected, exact);
      });
    });

    it('returns the sum of the squares of the sums, as it is in f64', () => {
      check(shapes, ({ n, count, extra }, memory) => {
        const blocks = blocksOf(n, count, extra);
        const sums = sumsOf(blocks, n, count, n + extra);
        const squares = sums.reduce((total, value) => total + value * value, 0);
        const found = kernels.reduce_blocks(n, count, memory.output(blocks).address, (n + extra) * 4);
        expectClose([found], [squares], relativeRoundings(1024 / 4 + 8));
      });
    });

    it('gives the same bytes in parts as at once', () => {
      check(
        combine({ n: [8, 1028, 3004], count: [1, 2, 6], cut: [0, 4, 8] }),
        ({ n, count, cut }, memory) => {
          const blocks = blocksOf(n, count, 0);
          const [whole, parts] = [memory.output(blocks), memory.output(blocks)];
          kernels.reduce_blocks(n, count, whole.address, n * 4);
          kernels.reduce_blocks(n - cut, count, parts.address + cut * 4, n * 4);
          kernels.reduce_blocks(cut, count, parts.address, n * 4);
          expectClose(parts.read(), whole.read(), exact);
        },
      );
    });

    it('returns no finite number when an element of any block is not one', () => {
      const elements = combine({ n: [4, 12, 1028], count: [1, 3], bad: [Number.NaN, Infinity, -Infinity] });
      check(elements, ({ n, count, bad }, memory) => {
        for (const at of new Set([0, n - 1, (count - 1) * n, count * n - 1])) {
          const blocks = blocksOf(n, count, 0);
          blocks[at] = bad;
          const found = kernels.reduce_blocks(n, count, memory.output(blocks).address, n * 4);
          expect(Number.isFinite(found)).toBe(false);
        }
      });
    });
  });
});
