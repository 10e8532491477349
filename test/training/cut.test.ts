import { describe, expect, it } from 'vitest';
import { strandsOf } from '../../src/tagger/pieces.js';
import { type Cut, cutIntoWindows, cutOfStrands, sides } from '../../src/training/cut.js';
import { range, seed, seeded } from '../support/arrays.js';

const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

/** Documents as the lengths of their sentences. */
function randomDocuments(i: number): number[][] {
  const random = seeded(i);
  const longest = [1, 4, 12, 60][i % 4];
  return range(1, 1 + random.below(6)).map(() =>
    range(1, 1 + random.below(9)).map(() => 1 + random.below(longest)),
  );
}

/** Where windows begin, by the definition: cut at the last sentence end within k tokens, else after exactly k. */
function definedStarts(lengths: readonly number[], k: number): number[] {
  const ends = lengths.map((_, i) => total(lengths.slice(0, i + 1)));
  const starts: number[] = [];
  for (let at = 0; at < total(lengths); ) {
    starts.push(at);
    at = ends.findLast((end) => end > at && end <= at + k) ?? at + k;
  }
  return starts;
}

const windowStarts = ({ windows, parts }: Cut) => windows.slice(0, -1).map((part) => parts[part]);

describe(`windows of a training, seed ${seed}`, () => {
  const cases = range(1, 200).map((i) => ({ documents: randomDocuments(i), k: 1 + seeded(i, 1).below(20) }));
  const cutOf = (documents: number[][], k: number) =>
    cutIntoWindows(
      documents.flat(),
      documents.map(({ length }) => length),
      k,
    );

  it('begin where the definition says, in every document anew', () => {
    for (const { documents, k } of cases) {
      const cut = cutOf(documents, k);
      const firsts = documents.map((_, d) => total(documents.slice(0, d).flat()));
      const expected = documents.flatMap((own, d) => definedStarts(own, k).map((start) => firsts[d] + start));
      expect(windowStarts(cut), `${JSON.stringify(documents)} by ${k}`).toEqual(expected);
      expect(cut.sequences.map((window) => cut.parts[cut.windows[window]])).toEqual([
        ...firsts,
        total(documents.flat()),
      ]);
    }
  });

  it('hold sentences in order, whole but for those that are longer than a window', () => {
    for (const { documents, k } of cases) {
      const { parts, open } = cutOf(documents, k);
      const joined: number[] = [];
      open.forEach((side, part) => {
        const tokens = parts[part + 1] - parts[part];
        if (side & sides.before) joined[joined.length - 1] += tokens;
        else joined.push(tokens);
        if (side !== 0) expect(joined.at(-1)).toBeGreaterThan(side & sides.behind ? k - 1 : k);
        expect(Boolean(side & sides.behind)).toBe(Boolean((open[part + 1] ?? 0) & sides.before));
      });
      expect(joined).toEqual(documents.flat());
    }
  });

  it('are the documents where nothing is cut, and sentences where those are read by themselves', () => {
    const documents = [[3, 2], [5], [1, 1, 1]];
    const whole = cutOf(documents, Number.POSITIVE_INFINITY);
    expect(whole).toEqual({
      sequences: [0, 1, 2, 3],
      windows: [0, 2, 3, 6],
      parts: [0, 3, 5, 10, 11, 12, 13],
      open: [0, 0, 0, 0, 0, 0],
    });
    expect(cutOf(documents, 100)).toEqual(whole);
    const sentences = documents.flat().map((length) => [length]);
    expect(cutOf(sentences, 5).windows).toEqual(range(0, 6));
  });
});

describe(`pieces that are read to be tagged, seed ${seed}`, () => {
  it('hold whole sentences of one document in order, as many as fit', () => {
    for (const i of range(1, 200)) {
      const [documents, size] = [randomDocuments(i), 1 + seeded(i, 2).below(20)];
      const strands = strandsOf(
        documents.map((own) => own.map((tokens) => ({ tokens }))),
        size,
      );
      expect(strands).toHaveLength(documents.length);
      const lengths = documents.flat();
      let next = 0;
      strands.forEach((strand, d) => {
        for (const [p, { first, end, tokens }] of strand.entries()) {
          expect(first).toBe(next);
          expect(tokens).toBe(total(lengths.slice(first, end)));
          if (end - first > 1) expect(tokens).toBeLessThanOrEqual(size);
          if (p + 1 < strand.length) expect(tokens + lengths[end]).toBeGreaterThan(size);
          next = end;
        }
        expect(next).toBe(documents.slice(0, d + 1).flat().length);
      });
    }
  });

  it('begin anew behind a sentence that is read alone, and leave out what has no tokens', () => {
    const units = [2, 3, 0, 9, 1, 1].map((tokens) => ({ tokens, alone: tokens === 9 }));
    const strands = strandsOf([units], 4);
    expect(strands).toEqual([
      [
        { first: 0, end: 1, tokens: 2 },
        { first: 1, end: 2, tokens: 3 },
      ],
      [{ first: 3, end: 4, tokens: 9 }],
      [{ first: 4, end: 6, tokens: 2 }],
    ]);
    expect(cutOfStrands([2, 3, 9], strandsOf([units.filter(({ tokens }) => tokens > 1)], 4))).toEqual({
      sequences: [0, 2, 3],
      windows: [0, 1, 2, 3],
      parts: [0, 2, 5, 14],
      open: [0, 0, 0],
    });
  });
});
