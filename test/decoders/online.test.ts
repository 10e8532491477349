import { describe, expect, it } from 'vitest';
import { OnlineViterbi } from '../../src/decoders/online.js';
import { FORBIDDEN } from '../../src/decoders/viterbi.js';
import { numbers, range, seed, seeded } from '../support/arrays.js';
import { enumerate, pathScore } from '../support/crf.js';
import { allows, cases, maskedChain } from '../support/decoder-cases.js';

const LONGEST = 5;

const asScores = (values: ArrayLike<number>) =>
  Float32Array.from(values, (value) => (value === Number.NEGATIVE_INFINITY ? FORBIDDEN : value));

/** Sentences of random scores over a chain with random scores, none of them forbidden by its length. */
function problem(name: string, round: number) {
  const [k, constraints] = cases[name];
  const random = seeded(round);
  const scores = {
    start: numbers(k, random),
    transitions: numbers(k * k, random),
    stop: numbers(k, random),
  };
  const chain = maskedChain(k, constraints, scores);
  const sentences = range(1, LONGEST).map((length) => range(1, length).map(() => numbers(k, random, 2)));
  const online = (lag: number) => {
    const { start, transitions, stop } = chain;
    return new OnlineViterbi(
      { start: asScores(start), transitions: asScores(transitions), stop: asScores(stop) },
      lag,
    );
  };
  return { constraints, chain, sentences, online };
}

describe.each(Object.keys(cases))(`online Viterbi over %s (seed ${seed})`, (name) => {
  it('gives the best path of all, piece by piece, where tags may wait', () => {
    for (const round of range(1, 10)) {
      const { chain, sentences, online } = problem(name, round);
      const paths = online(Number.POSITIVE_INFINITY);
      for (const e of sentences) {
        expect([...e.flatMap((row) => paths.push(row)), ...paths.end()]).toEqual(enumerate(chain, e).best);
      }
    }
  });

  it('never lets a tag wait for more tokens than the lag', () => {
    for (const lag of [0, 1, 2]) {
      const { sentences, online } = problem(name, lag);
      const paths = online(lag);
      for (const e of sentences) {
        let given = 0;
        e.forEach((row, t) => {
          given += paths.push(row).length;
          expect(given).toBeGreaterThanOrEqual(t + 1 - lag);
        });
        expect(given + paths.end().length).toBe(e.length);
      }
    }
  });

  it('keeps to what it has given: tags follow each other as allowed, at whatever lag', () => {
    for (const lag of [0, 1, 2]) {
      for (const round of range(1, 10)) {
        const { constraints, sentences, online } = problem(name, round);
        const paths = online(lag);
        for (const e of sentences) {
          const path = e.flatMap((row) => paths.push(row));
          if (path.length > 0) {
            // Where the sentence goes on, all but its end is as it should be.
            expect(allows({ ...constraints, end: constraints.end.map(() => true) }, path)).toBe(true);
          }
          paths.end();
        }
      }
    }
  });

  it('is never better than the best path, and no worse with a lag of the whole sentence', () => {
    for (const round of range(1, 10)) {
      const { chain, sentences, online } = problem(name, round);
      for (const e of sentences) {
        const scoreAt = (lag: number) => {
          const paths = online(lag);
          const path = [...e.flatMap((row) => paths.push(row)), ...paths.end()];
          return pathScore(chain, e, path);
        };
        const best = pathScore(chain, e, enumerate(chain, e).best);
        for (const lag of [0, 1, 2]) expect(scoreAt(lag)).toBeLessThanOrEqual(best + 1e-9);
        expect(scoreAt(LONGEST)).toBeCloseTo(best, 9);
      }
    }
  });
});

it('settles a tag as soon as no other can be right, without waiting for the lag', () => {
  // Two tags that never follow each other: the first token says all.
  const scores = {
    start: Float32Array.of(0, 0),
    transitions: Float32Array.of(0, FORBIDDEN, FORBIDDEN, 0),
    stop: Float32Array.of(0, 0),
  };
  const open = new OnlineViterbi(scores, 10);
  expect(open.push(Float32Array.of(1, 2))).toEqual([]);
  const sure = new OnlineViterbi({ ...scores, start: Float32Array.of(0, FORBIDDEN) }, 10);
  expect(sure.push(Float32Array.of(1, 2))).toEqual([0]);
  expect(sure.push(Float32Array.of(1, 2))).toEqual([0]);
});
