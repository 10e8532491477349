/** Numbers of tags and what is forbidden among them, for tests of decoders, and the chain that a decoder is defined by. */
import type { Constraints } from '../../src/decoders/decoder.js';
import { allowedTransitions } from '../../src/text/schemes.js';
import { range, seeded } from './arrays.js';
import type { Chain } from './crf.js';

export const bioesTags = (labels: string) => [
  'O',
  ...[...labels].flatMap((l) => [`B-${l}`, `I-${l}`, `E-${l}`, `S-${l}`]),
];

export const everything = (k: number): Constraints => ({
  start: range(1, k).map(() => true),
  end: range(1, k).map(() => true),
  pairs: range(1, k).map(() => new Array(k).fill(true)),
});

/** A third is forbidden; tag 0 may stand everywhere. */
function something(k: number): Constraints {
  const random = seeded(k);
  const flags = (n: number) => range(1, n).map((_, i) => i === 0 || random.uniform() < 0.65);
  const pairs = flags(k * k);
  return {
    start: flags(k),
    end: flags(k),
    pairs: range(1, k).map((_, from) => pairs.slice(from * k, (from + 1) * k)),
  };
}

export const cases: Record<string, [k: number, constraints: Constraints]> = {
  'one tag': [1, everything(1)],
  'four tags that go everywhere': [4, everything(4)],
  'seven tags, some of them forbidden': [7, something(7)],
  'BIOES of one label': [5, allowedTransitions(bioesTags('X'), 'bioes')],
  'BIOES of two labels': [9, allowedTransitions(bioesTags('XY'), 'bioes')],
};

export function allows({ start, end, pairs }: Constraints, path: readonly number[]): boolean {
  const follow = path.slice(1).every((tag, t) => pairs[path[t]][tag]);
  return start[path[0]] && end[path[path.length - 1]] && follow;
}

/** Scores, by default of 0, with −∞ where something is forbidden. */
export function maskedChain(k: number, constraints: Constraints, scores?: Omit<Chain, 'k'>): Chain {
  const mask = (score: ArrayLike<number>, allowed: (i: number) => boolean) =>
    Float64Array.from(score, (value, i) => (allowed(i) ? value : -Infinity));
  const { start, transitions, stop } = scores ?? {
    start: new Float64Array(k),
    transitions: new Float64Array(k * k),
    stop: new Float64Array(k),
  };
  return {
    k,
    start: mask(start, (i) => constraints.start[i]),
    transitions: mask(transitions, (i) => constraints.pairs[Math.floor(i / k)][i % k]),
    stop: mask(stop, (i) => constraints.end[i]),
  };
}
