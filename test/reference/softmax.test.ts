import { expect, it } from 'vitest';
import { combine, numbers, seeded, sizes, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, relativeRoundings, roundings } from '../support/close.js';

const shapes = combine({ n: [0, 1, 2, 5], k: sizes.filter((k) => k > 0), size: [1, 100] });

eachBuild(({ kernels, check }) => {
  it('softmax_rows gives probabilities and what the logarithm needs', () => {
    check(
      combine({ shape: shapes, inPlace: [false, true] }),
      ({ shape: { n, k, size }, inPlace }, memory) => {
        const x = numbers(n * k, seeded(n, k), size);
        const y = memory.output(inPlace ? x : unset(n * k));
        const [sums, shift] = [memory.output(unset(n)), memory.output(unset(n))];
        kernels.softmax_rows(
          n,
          k,
          inPlace ? y.address : memory.input(x),
          y.address,
          sums.address,
          shift.address,
        );
        const [sum, top] = [sums.read(), shift.read()];
        for (let i = 0; i < n; i++) {
          const row = Array.from(x.subarray(i * k, (i + 1) * k));
          const largest = Math.max(...row);
          const total = row.reduce((all, value) => all + Math.exp(value - largest), 0);
          const expected = row.map((value) => Math.exp(value - largest) / total);
          // The difference to the largest is rounded, and the exponential makes a relative error of it.
          expectClose(
            y.read().subarray(i * k, (i + 1) * k),
            expected,
            roundings(k + 8 + size),
            `row ${i}, column`,
          );
          expectClose([sum[i]], [total], relativeRoundings(k + 8), 'sum');
          expect(top[i]).toBe(largest);
        }
      },
    );
  });

  it('softmax_rows of one far larger number is 1 there and 0 elsewhere', () => {
    check([1, 3, 4, 9], (k, memory) => {
      const x = new Float32Array(k).fill(-1e4);
      x[k - 1] = 1e4;
      const [y, sums, shift] = [memory.output(unset(k)), memory.output(unset(1)), memory.output(unset(1))];
      kernels.softmax_rows(1, k, memory.input(x), y.address, sums.address, shift.address);
      expectClose(
        y.read(),
        x.map((value) => (value > 0 ? 1 : 0)),
        exact,
      );
    });
  });

  it('subtract_target takes the target from every row, 1 in the gold column but for what all share', () => {
    check(combine({ shape: shapes, smoothing: [0, 0.1] }), ({ shape: { n, k }, smoothing }, memory) => {
      const random = seeded(n, k);
      const dy = numbers(n * k, random);
      const tags = Int32Array.from({ length: n }, () => random.below(k));
      const out = memory.output(dy);
      kernels.subtract_target(n, k, memory.input(tags), smoothing, out.address);
      const expected = Float64Array.from(dy, (value, i) => {
        const gold = tags[Math.floor(i / k)] === i % k ? 1 - smoothing : 0;
        return value - gold - smoothing / k;
      });
      expectClose(out.read(), smoothing === 0 ? Float32Array.from(expected) : expected, roundings(4, 2));
    });
  });
});
