import { describe, expect, it } from 'vitest';
import { Chain } from '../../../src/baselines/crf/chain.js';
import { Viterbi } from '../../../src/baselines/crf/viterbi.js';
import { allowedTransitions, isValid, type Scheme } from '../../../src/text/schemes.js';
import { numbers, range, seed, seeded } from '../../support/arrays.js';
import { expectClose, type Tolerance } from '../../support/close.js';
import { enumerate, FORBIDDEN } from '../../support/crf.js';

const doubles: Tolerance = { reason: 'some hundred roundings of doubles', absolute: 1e-11, relative: 1e-11 };
const SPREAD = 5;

const cases: readonly (readonly [scheme: Scheme, tags: readonly string[]])[] = [
  ['none', ['A']],
  ['none', ['A', 'B', 'C']],
  ['bioes', ['O', 'B-P', 'I-P', 'E-P', 'S-P', 'S-Q']],
];

/** A chain with random scores, as this CRF has it and by its definition. */
function chainOf(scheme: Scheme, tags: readonly string[], length: number) {
  const k = tags.length;
  const random = seeded(k, length);
  const allowed = allowedTransitions(tags, scheme);
  const pairs = Float64Array.from(numbers(k * k, random, SPREAD));
  const e = Float64Array.from(numbers(length * k, random, SPREAD));
  const masked = (isAllowed: readonly boolean[]) => isAllowed.map((is) => (is ? 0 : FORBIDDEN));
  const definition = {
    k,
    start: masked(allowed.start),
    stop: masked(allowed.end),
    transitions: allowed.pairs.flat().map((is, i) => (is ? pairs[i] : FORBIDDEN)),
  };
  const rows = range(0, length - 1).map((t) => e.subarray(t * k, (t + 1) * k));
  return { k, allowed, pairs, e, expected: enumerate(definition, rows) };
}

describe(`against all paths, seed ${seed}:`, () => {
  describe.each(cases)('scheme %s, tags %j', (scheme, tags) => {
    it.each([1, 2, 3, 5])('log Z, posteriors and expected pairs of %i tokens', (length) => {
      const { k, allowed, pairs, e, expected } = chainOf(scheme, tags, length);
      const chain = new Chain(k, 5, allowed);
      chain.setPairs(pairs);
      const before = 2;
      const rows = new Float64Array((before + length) * k).fill(7);
      rows.set(e, before * k);
      const counts = new Float64Array(chain.pairs);
      const logZ = chain.run(rows, before, length, counts);
      const found = new Float64Array(k * k);
      chain.addExpected(counts, found);
      expectClose([logZ], [expected.logPartition], doubles, 'log Z');
      const posteriors = expected.posteriors.flatMap((row) => [...row]);
      expectClose(rows.subarray(before * k), posteriors, doubles, 'posterior');
      expectClose(found, expected.counts, doubles, 'pair');
      expect([...rows.subarray(0, before * k)].every((value) => value === 7)).toBe(true);
    });

    it.each([1, 2, 3, 5])('the best path of %i tokens', (length) => {
      const { allowed, pairs, e, expected } = chainOf(scheme, tags, length);
      const path = new Viterbi(pairs, allowed).bestPath(e);
      expect(path).toEqual(expected.best);
      expect(
        isValid(
          path.map((tag) => tags[tag]),
          scheme,
        ),
      ).toBe(true);
    });
  });
});

it('scores that are hundreds of nats apart neither vanish nor overflow', () => {
  const allowed = allowedTransitions(['A', 'B'], 'none');
  const chain = new Chain(2, 3, allowed);
  chain.setPairs(new Float64Array(4));
  const rows = Float64Array.of(600, 0, 0, 600, -600, 0);
  const logZ = chain.run(rows, 0, 3, new Float64Array(chain.pairs));
  expectClose([logZ], [1200], doubles, 'log Z');
  expectClose(rows, [1, 0, 0, 1, 0, 1], doubles, 'posterior');
});

it('a sentence without tokens has an empty path', () => {
  const allowed = allowedTransitions(['A', 'B'], 'none');
  expect(new Viterbi(new Float64Array(4), allowed).bestPath(new Float64Array(0))).toEqual([]);
});
