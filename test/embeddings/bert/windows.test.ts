import { describe, expect, it } from 'vitest';
import { windowBounds } from '../../../src/embeddings/bert/windows.js';
import { seed, seeded } from '../../support/arrays.js';

describe('windows of whole words', () => {
  it.each([
    ['a sentence that fits is one', [1, 2, 3], 6, [0, 3]],
    ['one word that fills a window', [6], 6, [0, 1]],
    ['equal shares, not a full one and a rest', [1, 1, 1, 1, 1, 1, 1], 6, [0, 4, 7]],
    ['a word that does not fit begins the next', [3, 4, 3], 6, [0, 1, 2, 3]],
    ['a share is reached by the word that crosses it', [2, 2, 2, 2], 6, [0, 2, 4]],
  ])('%s', (_, pieces, room, bounds) => {
    expect(windowBounds(pieces, room)).toEqual(bounds);
  });

  it(`have every word once, and never more pieces than there is room for (seed ${seed})`, () => {
    const random = seeded();
    for (let i = 0; i < 500; i++) {
      const room = 1 + random.below(20);
      const pieces = Array.from({ length: 1 + random.below(60) }, () => 1 + random.below(room));
      const bounds = windowBounds(pieces, room);
      expect(bounds[0]).toBe(0);
      expect(bounds[bounds.length - 1]).toBe(pieces.length);
      for (let w = 0; w + 1 < bounds.length; w++) {
        expect(bounds[w + 1], `window ${w} of ${bounds}`).toBeGreaterThan(bounds[w]);
        const filled = pieces.slice(bounds[w], bounds[w + 1]).reduce((sum, n) => sum + n, 0);
        expect(filled).toBeLessThanOrEqual(room);
      }
    }
  });
});
