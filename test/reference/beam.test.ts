import { expect, it } from 'vitest';
import { combine, numbers, seeded, wholeNumbers } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';

const FORBIDDEN = -1e30;

eachBuild(({ kernels, check }) => {
  it('beam_select keeps the greedy way and the best others, in order', () => {
    const some = combine({
      n: [0, 1, 3],
      width: [1, 2, 5],
      beam: [1, 2, 4, 7, 40],
      k: [1, 2, 3, 4, 5, 9],
      // Whole numbers are often equal.
      whole: [false, true],
    });
    check(some, ({ n, width, beam, k, whole }, memory) => {
      const random = seeded(n, width, beam, k);
      const logits = (whole ? wholeNumbers : numbers)(n * width * k, random);
      const base = Float64Array.from((whole ? wholeNumbers : numbers)(n * width, random));
      // Some are forbidden, and some sequences are no more.
      logits.forEach((_, i) => {
        if (random.uniform() < 0.2) logits[i] = FORBIDDEN;
      });
      base.forEach((_, i) => {
        if (i % width > 0 && random.uniform() < 0.2) base[i] = -Infinity;
      });
      const scores = memory.output(new Float64Array(n * beam).fill(Number.NaN));
      const [tags, parents] = [0, 1].map(() => memory.output(new Int32Array(n * beam).fill(-9)));
      kernels.beam_select(
        n,
        width,
        beam,
        k,
        memory.input(logits),
        memory.input(base),
        scores.address,
        tags.address,
        parents.address,
      );
      for (let s = 0; s < n; s++) {
        const ways = Array.from({ length: width * k }, (_, i) => {
          const parent = s * width + Math.floor(i / k);
          return { parent, tag: i % k, score: base[parent] + logits[s * width * k + i] };
        });
        // The first of the best of sequence 0.
        const greedy = ways.slice(0, k).reduce((best, way) => (way.score > best.score ? way : best));
        const others = ways
          .filter((way) => way !== greedy && way.score > FORBIDDEN / 10)
          .sort((a, b) => b.score - a.score);
        const nothing = { parent: s * width, tag: 0, score: -Infinity };
        const expected = Array.from({ length: beam }, (_, i) => [greedy, ...others][i] ?? nothing);
        const found = expected.map((_, i) => ({
          parent: parents.read()[s * beam + i],
          tag: tags.read()[s * beam + i],
          score: scores.read()[s * beam + i],
        }));
        expect(found).toEqual(expected);
      }
    });
  });

  it('beam_select takes tags that exist where all scores are NaN', () => {
    check([1, 3], (beam, memory) => {
      const logits = memory.input(new Float32Array(5).fill(Number.NaN));
      const base = memory.input(Float64Array.of(Number.NaN));
      const scores = memory.output(new Float64Array(beam));
      const [tags, parents] = [0, 1].map(() => memory.output(new Int32Array(beam).fill(-9)));
      kernels.beam_select(1, 1, beam, 5, logits, base, scores.address, tags.address, parents.address);
      expect(tags.read().every((tag) => tag >= 0 && tag < 5)).toBe(true);
      expect(parents.read().every((parent) => parent === 0)).toBe(true);
      expect(scores.read().every((score) => !(score > -1e29))).toBe(true);
    });
  });
});
