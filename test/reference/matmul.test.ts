/** Whole numbers make every product exact, so the results must be equal, in either build and whatever the order of sums. */
import { describe, it } from 'vitest';
import { combine, numbers, range, seeded, unset, wholeNumbers } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, roundings, type Tolerance } from '../support/close.js';
import type { GuardedMemory } from '../support/memory.js';

const columnCounts = [...range(1, 17), 40, 44, 80, 81, 100];
const panels = (n: number) => Math.ceil(n / 8);

/** B (at `b[i · row + j · column]`) in panels of eight columns, zeros past n. */
function packedReference(k: number, n: number, b: Float32Array, row: number, column: number): Float32Array {
  const packed = new Float32Array(panels(n) * k * 8);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < n; j++) packed[(Math.floor(j / 8) * k + i) * 8 + (j % 8)] = b[i * row + j * column];
  }
  return packed;
}

interface Product {
  m: number;
  n: number;
  k: number;
  a: Float32Array;
  aRow: number;
  aCol: number;
  b: Float32Array;
  c: Float32Array;
  cRow: number;
  accumulate: boolean;
}

function productReference({ m, n, k, a, aRow, aCol, b, c, cRow, accumulate }: Product): Float64Array {
  const out = Float64Array.from(c);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = accumulate ? c[i * cRow + j] : 0;
      for (let l = 0; l < k; l++) sum += a[i * aRow + l * aCol] * b[l * n + j];
      out[i * cRow + j] = sum;
    }
  }
  return out;
}

eachBuild(({ kernels, check }) => {
  describe('packing', () => {
    const shapes = combine({ n: [0, ...columnCounts], k: [...range(0, 9), 33], extra: [0, 3] });

    it('puts the rows of a matrix into panels of eight columns', () => {
      const random = seeded();
      check(shapes, ({ n, k, extra }, memory) => {
        const b = numbers(Math.max(0, k * (n + extra) - extra), random);
        const packed = memory.output(unset(panels(n) * k * 8));
        kernels.pack(k, n, memory.input(b), n + extra, packed.address);
        expectClose(packed.read(), packedReference(k, n, b, n + extra, 1), exact);
      });
    });

    it('puts the columns of a matrix into panels of eight', () => {
      const random = seeded();
      check(shapes, ({ n, k, extra }, memory) => {
        const s = numbers(Math.max(0, n * (k + extra) - extra), random);
        const packed = memory.output(unset(panels(n) * k * 8));
        kernels.pack_transposed(k, n, memory.input(s), k + extra, packed.address);
        expectClose(packed.read(), packedReference(k, n, s, 1, k + extra), exact);
      });
    });
  });

  describe('the matrix product', () => {
    type Shape = Pick<Product, 'm' | 'n' | 'k' | 'accumulate'> & { transposed: boolean; extra: number };

    /** Rows of A and C have `extra` numbers between them, but nothing after the last: there the guard band begins. */
    function makeProduct(shape: Shape, values: typeof numbers): Product {
      const { m, n, k, transposed, extra } = shape;
      const random = seeded(m, n, k);
      const spaced = (rows: number, columns: number) =>
        values(rows > 0 ? rows * (columns + extra) - extra : 0, random);
      const a = transposed ? spaced(k, m) : spaced(m, k);
      const [aRow, aCol] = transposed ? [1, m + extra] : [k + extra, 1];
      return { ...shape, a, aRow, aCol, b: values(k * n, random), c: spaced(m, n), cRow: n + extra };
    }

    const equalsDefinition =
      (values: typeof numbers, tolerance: (k: number) => Tolerance) =>
      (shape: Shape, memory: GuardedMemory) => {
        const product = makeProduct(shape, values);
        const { m, n, k, a, aRow, aCol, b, c, cRow, accumulate } = product;
        const packed = memory.input(packedReference(k, n, b, n, 1));
        const out = memory.output(c);
        kernels.matmul(m, n, k, memory.input(a), aRow, aCol, packed, out.address, cRow, accumulate);
        expectClose(out.read(), productReference(product), tolerance(k));
      };
    const equalsExactly = equalsDefinition(wholeNumbers, () => exact);

    const modes = { transposed: [false, true], accumulate: [false, true], extra: [0, 5] };

    it.each(range(0, 13))('of %i rows equals the definition', (m) => {
      check(combine({ m: [m], n: columnCounts, k: [...range(0, 9), 100], ...modes }), equalsExactly);
    });

    // Fives in the plain build and sixes in the other go in rounds of thirty, and ten is two fives in both.
    it('of any number of rows equals the definition, through more than one round of the tallest tiles', () => {
      const rows = [...range(14, 46), 59, 60, 61, 70, 71];
      const few = { n: [1, 7, 8, 9, 16, 17, 40, 44], k: [0, 1, 2, 3, 9] };
      check(combine({ m: rows, ...few, ...modes }), equalsExactly);
    });

    it('of no columns writes nothing', () => {
      check(combine({ m: [0, 1, 2, 5, 7, 10, 33], n: [0], k: [0, 3], ...modes }), equalsExactly);
    });

    it('has infinities only in the rows where A has them', () => {
      check(
        combine({ m: [2, 3, 5, 6, 7, 10, 36], n: [1, 7, 9, 17, 44], k: [3], bad: [0, 1], ...modes }),
        (shape, memory) => {
          const product = makeProduct(shape, wholeNumbers);
          const { m, n, k, a, aRow, aCol, b, c, cRow, accumulate } = product;
          a.fill(Infinity, shape.bad * aRow, shape.bad * aRow + 1);
          // The infinity meets no zero, so the row has infinities and no NaN.
          const positive = b.map((value) => Math.abs(value) + 1);
          const out = memory.output(c);
          const packed = memory.input(packedReference(k, n, positive, n, 1));
          kernels.matmul(m, n, k, memory.input(a), aRow, aCol, packed, out.address, cRow, accumulate);
          expectClose(out.read(), productReference({ ...product, b: positive }), exact);
        },
      );
    });

    it('of fractions errs by rounding alone', () => {
      const shapes = combine({ m: [1, 2, 5, 6, 13], n: [7, 16, 44], k: [9, 100, 400], ...modes });
      check(
        shapes,
        equalsDefinition(numbers, (k) => roundings(k, 2)),
      );
    });
  });
});
