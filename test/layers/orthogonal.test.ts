import { describe, expect, it } from 'vitest';
import { orthogonal } from '../../src/layers/orthogonal.js';
import { seed, seeded } from '../support/arrays.js';

const blocksOf = (size: number, count: number, stream: number): Float32Array[] => {
  const values = new Float32Array(size * size * count);
  orthogonal(values, [size, size * count], seeded(stream));
  return Array.from({ length: count }, (_, block) =>
    Float32Array.from({ length: size * size }, (_, i) => {
      const row = Math.floor(i / size);
      return values[row * size * count + block * size + (i % size)];
    }),
  );
};

describe(`orthogonal first weights (seed ${seed})`, () => {
  it.each([1, 2, 3, 8, 33, 100])('of %i units have UᵀU = I in every gate', (size) => {
    for (const block of blocksOf(size, 4, size)) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let row = 0; row < size; row++) sum += block[row * size + i] * block[row * size + j];
          expect(Math.abs(sum - (i === j ? 1 : 0)), `columns ${i} and ${j}`).toBeLessThan(1e-6);
        }
      }
    }
  });

  it('differ from gate to gate', () => {
    const [first, second] = blocksOf(4, 2, 1);
    expect(first).not.toEqual(second);
  });

  it('prefer no direction: every place has a mean of zero and a variance of 1 / H', () => {
    const [size, draws] = [3, 4000];
    const blocks = Array.from({ length: draws }, (_, i) => blocksOf(size, 1, i)[0]);
    for (let at = 0; at < size * size; at++) {
      const mean = blocks.reduce((sum, block) => sum + block[at], 0) / draws;
      const variance = blocks.reduce((sum, block) => sum + block[at] ** 2, 0) / draws;
      // Five standard deviations: those of the mean are √(1/3 / draws), of the square √(4/45 / draws).
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / size / draws));
      expect(Math.abs(variance - 1 / size)).toBeLessThan(5 * Math.sqrt(4 / 45 / draws));
    }
  });
});
