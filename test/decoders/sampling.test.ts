import { expect, it } from 'vitest';
import { goldShare, samplingKinds, samplingOptions } from '../../src/decoders/sampling.js';
import { range } from '../support/arrays.js';

const share = (options: object, i: number) => goldShare(samplingOptions.parse(options), i);
const steps = [0, 1, 10, 999, 1000, 5000, 10_000, 1e6, 1e9];

it.each([
  ['none', {}, () => 1],
  ['linear', { steps: 1000, floor: 0.3 }, (i: number) => (i < 1000 ? 1 - (0.7 * i) / 1000 : 0.3)],
  ['exponential', { k: 0.999 }, (i: number) => Math.exp(i * Math.log(0.999))],
  ['inverse-sigmoid', { k: 500 }, (i: number) => 1 / (1 + Math.exp(i / 500) / 500)],
] as const)('%s is its formula', (kind, options, formula) => {
  for (const i of steps) expect(share({ kind, ...options }, i), `step ${i}`).toBeCloseTo(formula(i), 12);
});

it.each(Object.keys(samplingKinds))('%s begins at about 1, falls or stays, and is a probability', (kind) => {
  expect(share({ kind }, 0)).toBeGreaterThan(0.99);
  const shares = [...range(0, 100).map((i) => i * 200), 1e6, 1e12].map((i) => share({ kind }, i));
  shares.forEach((one, i) => {
    expect(one).toBeGreaterThanOrEqual(0);
    expect(one).toBeLessThanOrEqual(shares[i - 1] ?? 1);
  });
});

it('is never of a share that is none', () => {
  for (const wrong of [
    { kind: 'linear', floor: 1.1 },
    { kind: 'linear', steps: 0 },
    { kind: 'exponential', k: 1 },
    { kind: 'inverse-sigmoid', k: 0.5 },
  ]) {
    expect(samplingOptions.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  }
});
