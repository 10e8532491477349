import { it } from 'vitest';
import { combine, numbers, range, seeded, sizes, unset, wholeNumbers } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose } from '../support/close.js';

const dims = sizes.filter((n) => n > 0);

/** A half-precision number by its definition (IEEE 754). */
function halfValue(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction) : sign * 2 ** -14 * fraction;
}

eachBuild(({ kernels, check }) => {
  it('gather takes float rows, half-precision rows after them, and zeros for id −1', () => {
    check(
      combine({ n: [0, 1, 2, 7], dim: dims, rows: [0, 1, 5], extra: [0, 3] }),
      ({ n, dim, rows, extra }, memory) => {
        const random = seeded(n, dim, rows);
        const table = numbers(rows * dim, random);
        const halves = Uint16Array.from(
          { length: 4 * dim },
          () => random.below(0x7c00) | (random.below(2) << 15),
        );
        const ids = Int32Array.from({ length: n }, () => random.below(rows + 5) - 1);
        const start = numbers(n > 0 ? n * (dim + extra) - extra : 0, random);
        const out = memory.output(start);
        const expected = start.slice();
        ids.forEach((id, i) => {
          for (let j = 0; j < dim; j++) {
            const value = id < rows ? table[id * dim + j] : halfValue(halves[(id - rows) * dim + j]);
            expected[i * (dim + extra) + j] = id < 0 ? 0 : value;
          }
        });
        const [from, small] = [memory.input(table), memory.input(halves)];
        kernels.gather(n, dim, memory.input(ids), from, rows, small, out.address, dim + extra);
        expectClose(out.read(), expected, exact);
      },
    );
  });

  function widen(bits: Uint16Array): void {
    check([1, 4, 7, bits.length], (dim, memory) => {
      const n = Math.floor(bits.length / dim);
      const out = memory.output(unset(n * dim));
      const ids = memory.input(Int32Array.from(range(0, n - 1)));
      kernels.gather(n, dim, ids, 0, 0, memory.input(bits), out.address, dim);
      expectClose(out.read(), Array.from(bits.subarray(0, n * dim), halfValue), exact);
    });
  }

  it('gather widens every finite half exactly, subnormal ones too', () => {
    widen(Uint16Array.from([...range(0, 0x7bff), ...range(0x8000, 0xfbff)]));
  });

  it('gather_add adds a row of the table to every row, and nothing for id −1', () => {
    check(combine({ n: [0, 1, 2, 9], dim: dims, extra: [0, 3] }), ({ n, dim, extra }, memory) => {
      const random = seeded(n, dim);
      const table = wholeNumbers(4 * dim, random);
      const ids = Int32Array.from({ length: n }, () => random.below(5) - 1);
      const expected = wholeNumbers(n > 0 ? n * (dim + extra) - extra : 0, random);
      const out = memory.output(expected);
      kernels.gather_add(n, dim, memory.input(ids), memory.input(table), out.address, dim + extra);
      ids.forEach((id, i) => {
        for (let j = 0; j < dim && id >= 0; j++) expected[i * (dim + extra) + j] += table[id * dim + j];
      });
      expectClose(out.read(), expected, exact);
    });
  });

  it('scatter_add adds rows that share a slot and passes over slot −1', () => {
    check(combine({ n: [0, 1, 2, 9], dim: dims, extra: [0, 3] }), ({ n, dim, extra }, memory) => {
      const random = seeded(n, dim);
      const dy = wholeNumbers(n > 0 ? n * (dim + extra) - extra : 0, random);
      const slots = Int32Array.from({ length: n }, () => random.below(4) - 1);
      const expected = wholeNumbers(4 * dim, random);
      const sums = memory.output(expected);
      kernels.scatter_add(n, dim, memory.input(slots), memory.input(dy), dim + extra, sums.address);
      slots.forEach((slot, i) => {
        for (let j = 0; j < dim && slot >= 0; j++) expected[slot * dim + j] += dy[i * (dim + extra) + j];
      });
      expectClose(sums.read(), expected, exact);
    });
  });
});
