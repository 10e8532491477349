/** Random sentences of spans, the same for the same seed. */
import type { Span } from '../../src/text/document.js';

/** A small generator (mulberry32) of numbers from 0 to below 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Sentences of up to 12 tokens; spans of up to 4, often touching (never, if `gap` is 1). */
export function randomSentences(seed: number, count: number, gap = 0): { spans: Span[]; length: number }[] {
  const random = randomNumbers(seed);
  const below = (n: number) => Math.floor(random() * n);
  return Array.from({ length: count }, () => {
    const length = below(12);
    const spans: Span[] = [];
    for (let first = below(3); first < length; ) {
      const end = Math.min(length, first + 1 + below(4));
      spans.push({ label: ['PER', 'LOC', 'creative-work'][below(3)], first, end });
      first = end + Math.max(gap, below(3));
    }
    return { spans, length };
  });
}
