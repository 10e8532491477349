import { expect, it } from 'vitest';
import { sinusoids } from '../../src/layers/sinusoids.js';
import { expectClose, roundings } from '../support/close.js';
import { Workbench } from '../support/workbench.js';

/** The vectors of the places first … first + count − 1. */
function vectors(first: number, count: number, width: number): Float32Array[] {
  const bench = new Workbench();
  bench.fill();
  const run = bench.start([]);
  const { address } = sinusoids(first, count, width, run);
  const all = run.arena.heap.f32.slice(address / 4, address / 4 + count * width);
  return Array.from({ length: count }, (_, i) => all.subarray(i * width, (i + 1) * width));
}

const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

it.each([2, 8, 32])(
  'the product of the vectors of two places says how far they are apart (%i columns)',
  (width) => {
    const all = vectors(-30, 61, width);
    for (const distance of [0, 1, 7, 30]) {
      const expected = product(all[0], all[distance]);
      for (let i = 0; i + distance < all.length; i++) {
        expectClose([product(all[i], all[i + distance])], [expected], roundings(4 * width));
      }
    }
  },
);

it('the other side has the same cosines and opposite sines', () => {
  for (const width of [1, 5, 8]) {
    const all = vectors(-9, 19, width);
    for (let i = 0; i < 9; i++) {
      const mirrored = all[18 - i].map((value, column) => (column % 2 ? value : -value));
      expect(all[i]).toEqual(mirrored);
    }
  }
});

it('what a place is like does not depend on how many are asked for', () => {
  expect(vectors(-2, 5, 6)[4]).toEqual(vectors(0, 9, 6)[2]);
});
