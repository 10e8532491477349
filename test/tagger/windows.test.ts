import { describe, expect, it } from 'vitest';
import type { Random } from '../../src/core/random.js';
import type { Prediction } from '../../src/tagger/prediction.js';
import { joinPredictions, joinTags, windowSize, windowsOf } from '../../src/tagger/windows.js';
import { decodeSpans, encodeSpans, isValid, type Scheme } from '../../src/text/schemes.js';
import { range, seed, seeded } from '../support/arrays.js';

const labels = ['PER', 'LOC'];

/** Well-formed tags; the longer spans may be, the fewer places lie outside all of them. */
function randomTags(length: number, random: Random, longest = 1 + random.below(60)): string[] {
  const spans = [];
  for (let first = random.below(3); first < length; ) {
    const end = Math.min(length, first + 1 + random.below(longest));
    spans.push({ label: labels[random.below(2)], first, end });
    first = end + random.below(3);
  }
  return encodeSpans(spans, length, 'bioes');
}

/** A prediction with these tags, whose scores tell of each token and span which window it comes from. */
function predictionOf(tags: readonly string[], scheme: Scheme, score: (token: number) => number): Prediction {
  return {
    tags,
    scores: tags.map((_, t) => score(t)),
    spans: decodeSpans(tags, scheme).map((span) => ({ ...span, score: score(span.first) })),
    nbest: [{ tags, probability: 1 }],
    posteriors: tags.map((_, t) => Float64Array.of(score(t))),
  };
}

/** Of no label, nothing. */
const labelOf = (tag: string) => tag.slice(2);

const lengths = [0, 1, 2, 49, 50, 51, 74, 75, 76, 99, 100, 101, 200, 201, 1000, 1234];

describe('windows of a sentence', () => {
  it.each([1, 2, 3, 50, 51, 80, 81, 200, 512])(
    'of at most %i tokens cover it, and neighbours overlap',
    (size) => {
      for (const length of lengths) {
        const windows = windowsOf(length, size);
        expect(windows[0].first).toBe(0);
        expect(windows.at(-1)?.end).toBe(length);
        const shared = Math.min(40, size >> 1);
        windows.forEach(({ first, end }, w) => {
          expect(end - first).toBeLessThanOrEqual(size);
          if (w < windows.length - 1) expect(end - first).toBe(size);
          if (w > 0) expect(windows[w - 1].end - first).toBe(shared);
          // A token is in two windows at most.
          if (w > 1) expect(first).toBeGreaterThanOrEqual(windows[w - 2].end);
        });
      }
    },
  );

  it('is one where it fits', () => {
    for (const length of [0, 1, 79, 80]) expect(windowsOf(length, 80)).toEqual([{ first: 0, end: length }]);
    expect(windowsOf(81, 80)).toEqual([
      { first: 0, end: 80 },
      { first: 40, end: 81 },
    ]);
  });

  it('are as long as the longest sentence of training, but not too short', () => {
    expect([windowSize(124), windowSize(50), windowSize(3), windowSize()]).toEqual([124, 50, 50, 200]);
  });
});

describe(`tags of windows, seed ${seed}`, () => {
  it('that agree with those of the whole sentence are joined to these', () => {
    for (let round = 0; round < 400; round++) {
      const random = seeded(round);
      const [length, size] = [1 + random.below(400), 50 + random.below(60)];
      // Spans may be longer than what two windows share, so that each has but a half of them.
      const tags = randomTags(length, random);
      const windows = windowsOf(length, size);
      const parts = windows.map(({ first, end }) => tags.slice(first, end));
      expect(joinTags(windows, parts, 'bioes'), `round ${round}`).toEqual(tags);
      const plain = tags.map(labelOf);
      const plainParts = windows.map(({ first, end }) => plain.slice(first, end));
      expect(joinTags(windows, plainParts, 'none')).toEqual(plain);
    }
  });

  it('are joined to as many tags as there are tokens, well-formed, each from a window of its token', () => {
    for (let round = 0; round < 400; round++) {
      const random = seeded(round);
      const [length, size] = [1 + random.below(400), 1 + random.below(100)];
      const windows = windowsOf(length, size);
      const parts = windows.map(({ first, end }) => randomTags(end - first, random));
      const tags = joinTags(windows, parts, 'bioes');
      expect(tags, `round ${round}`).toHaveLength(length);
      expect(isValid(tags, 'bioes')).toBe(true);
      const strange = tags.findIndex((tag, t) =>
        windows.every(
          ({ first, end }, w) => t < first || t >= end || labelOf(parts[w][t - first]) !== labelOf(tag),
        ),
      );
      expect(strange, `the token of round ${round} whose label is that of no window`).toBe(-1);
    }
  });

  it('keep a span whole that lies over the middle of an overlap, where there is a place beside it', () => {
    for (let round = 0; round < 200; round++) {
      const random = seeded(round);
      const [left, right] = windowsOf(120, 80);
      const middle = (right.first + left.end) / 2;
      // Both see it, or one of them does not see it at all.
      const [first, end] = [middle - 1 - random.below(15), middle + 1 + random.below(15)];
      const span = { label: 'PER', first, end };
      const tags = encodeSpans([span], 120, 'bioes');
      const without = Array<string>(120).fill('O');
      const seen = random.below(3);
      const parts = [
        (seen === 2 ? without : tags).slice(left.first, left.end),
        (seen === 1 ? without : tags).slice(right.first, right.end),
      ];
      const joined = decodeSpans(joinTags([left, right], parts, 'bioes'), 'bioes');
      const isWhole = joined.length === 1 && joined[0].first === first && joined[0].end === end;
      // What only one of them has seen is there or not, as whichever has the seam beside it says; but never a part of it.
      expect(isWhole || (seen > 0 && joined.length === 0), `round ${round}: ${JSON.stringify(joined)}`).toBe(
        true,
      );
    }
  });

  it('that disagree are cut as near to the middle as can be', () => {
    const [left, right] = windowsOf(120, 80);
    const at = (first: number, end: number, offset: number, length: number) =>
      encodeSpans([{ label: 'PER', first: first - offset, end: end - offset }], length, 'bioes');
    // The middle is 60. The left one has 58 … 63, the right one 55 … 61: 55 and 63 are the nearest places outside both.
    const parts = [at(58, 63, 0, 80), at(55, 61, right.first, right.end - right.first)];
    expect(decodeSpans(joinTags([left, right], parts, 'bioes'), 'bioes')).toEqual([
      { label: 'PER', first: 58, end: 63 },
    ]);
  });

  it('whose spans leave no place are cut in the middle, into one span or two', () => {
    const [left, right] = windowsOf(120, 80);
    const whole = (label: string, { first, end }: { first: number; end: number }) =>
      encodeSpans([{ label, first: 0, end: end - first }], end - first, 'bioes');
    const join = (a: string, b: string) =>
      decodeSpans(joinTags([left, right], [whole(a, left), whole(b, right)], 'bioes'), 'bioes');
    expect(join('PER', 'PER')).toEqual([{ label: 'PER', first: 0, end: 120 }]);
    expect(join('PER', 'LOC')).toEqual([
      { label: 'PER', first: 0, end: 60 },
      { label: 'LOC', first: 60, end: 120 },
    ]);
  });
});

describe(`predictions of windows, seed ${seed}`, () => {
  it.each(['bioes', 'none'] as const)('are joined token by token and span by span, scheme %s', (scheme) => {
    for (let round = 0; round < 100; round++) {
      const random = seeded(round);
      const [length, size] = [1 + random.below(400), 50 + random.below(60)];
      const windows = windowsOf(length, size);
      const parts = windows.map(({ first, end }, w) => {
        const tags = randomTags(end - first, random);
        // Unlike that of any other token or window.
        return predictionOf(tags, scheme, (t) => 0.9 - (first + t) / 1000 - w / 1e5);
      });
      const joined = joinPredictions(windows, parts, scheme);
      const { tags, scores, spans, posteriors = [] } = joined;
      expect(tags).toEqual(
        joinTags(
          windows,
          parts.map((part) => part.tags),
          scheme,
        ),
      );
      expect(posteriors.map(([p]) => p)).toEqual(scores);
      expect(joined.nbest).toBeUndefined();
      expect(joined.windows).toEqual(windows.map((window, w) => ({ ...window, nbest: parts[w].nbest })));

      // Which window each token is from.
      const source = scores.map((score, t) =>
        windows.findIndex(({ first }, w) => parts[w].scores[t - first] === score),
      );
      expect(source.indexOf(-1), `round ${round}`).toBe(-1);
      expect(source).toEqual(source.toSorted((a, b) => a - b));

      expect(spans.map(({ score, ...span }) => span)).toEqual(decodeSpans(tags, scheme));
      for (const { first, end, score } of spans) {
        const sources = [...new Set(source.slice(first, end))];
        const known = sources.flatMap((w) =>
          parts[w].spans.filter((part) => {
            const [from, to] = [part.first + windows[w].first, part.end + windows[w].first];
            return range(Math.max(from, first), Math.min(to, end) - 1).some((t) => source[t] === w);
          }),
        );
        if (known.length !== sources.length || score !== Math.min(...known.map((part) => part.score))) {
          expect.fail(
            `span ${first}–${end} of round ${round} has ${score}, parts have ${JSON.stringify(known)}`,
          );
        }
      }
    }
  });

  it('of a text without any end are joined in time that its length allows', () => {
    const windows = windowsOf(200_000, 80);
    const parts = windows.map(({ first, end }) => {
      const { posteriors, ...part } = predictionOf(Array(end - first).fill('X'), 'none', () => 0.5);
      return part;
    });
    // With time quadratic in the tokens this would run for many minutes.
    expect(joinPredictions(windows, parts, 'none').spans).toHaveLength(200_000);
  });

  it('have neither posteriors nor sequences that were not asked for', () => {
    const windows = windowsOf(120, 80);
    const parts = windows.map(({ first, end }) => {
      const { posteriors, nbest, ...rest } = predictionOf(Array(end - first).fill('O'), 'bioes', () => 0.5);
      return rest;
    });
    const joined = joinPredictions(windows, parts, 'bioes');
    expect(Object.keys(joined).sort()).toEqual(['scores', 'spans', 'tags', 'windows']);
    expect(joined.windows).toEqual(windows);
  });
});
