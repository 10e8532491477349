import { describe, expect, it } from 'vitest';
import { transformer } from '../../src/encoders/transformer.js';
import { changedRows, encoderConformance, encoderLayer } from '../conformance/encoder.js';
import { Trial } from '../conformance/layer.js';
import { lengths, sentencesOf } from '../support/workbench.js';

const options = (changes: object, dropout = 0) => ({
  kind: 'transformer',
  units: 6,
  heads: 2,
  feedForward: 7,
  inputDropout: dropout,
  attentionDropout: dropout,
  residualDropout: dropout,
  outputDropout: dropout,
  ...changes,
});

const positions = ['relative', 'sinusoidal'];
const norms = ['pre', 'post'];
const cases = positions.flatMap((positions) =>
  [1, 2].flatMap((layers) => norms.map((norm) => ({ positions, layers, norm }))),
);

encoderConformance(
  transformer,
  cases.map((one) => ({
    name: `transformer ${one.positions}, layers ${one.layers}, norm ${one.norm}`,
    options: options(one),
    dropped: options(one, 0.4),
  })),
);

for (const kind of ['inputDropout', 'attentionDropout', 'residualDropout', 'outputDropout']) {
  encoderConformance(transformer, [
    {
      name: `transformer, ${kind} alone`,
      options: options({ layers: 1 }),
      dropped: options({ layers: 1, [kind]: 0.4 }),
    },
  ]);
}

describe.each(cases)('a transformer, positions $positions, layers $layers, norm $norm', (one) => {
  const layer = encoderLayer(transformer, options(one));

  it('sees all tokens of a sentence, and nothing of other sentences', () => {
    lengths.forEach((length, s) => {
      for (let t = 0; t < length; t++) {
        expect(changedRows(layer, s, t), `token ${t} of sentence ${s} changed`).toEqual(
          Array.from({ length }, (_, token) => [s, token]),
        );
      }
    });
  });

  it('gives a sentence longer than a block of the kernel the same rows alone and beside others', () => {
    const trial = new Trial({ ...layer, sentences: sentencesOf([3, 150, 61, 1, 60]) });
    for (const s of [0, 1, 2, 3, 4]) trial.expectSame([s]);
  });

  it('reads a sentence of 1,000 tokens to its end', () => {
    const long = { ...layer, sentences: sentencesOf([1000, 2]) };
    const last = changedRows(long, 0, 999);
    // Far tokens may weigh nothing at all; the token itself always changes.
    expect(last).toContainEqual([0, 999]);
    expect(last.every(([sentence]) => sentence === 0)).toBe(true);
    expect(last.length).toBeGreaterThan(500);
  });
});

it.each(positions)('with positions %s, the order of the tokens matters', (positions) => {
  const trial = new Trial({
    ...encoderLayer(transformer, options({ positions })),
    sentences: sentencesOf([4]),
  });
  const forward = trial.output();
  const rows = (values: Float32Array, width: number) =>
    Array.from({ length: 4 }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
  trial.x.set(rows(trial.x.slice(), 5).reverse().flat());
  const backward = rows(trial.output(), 6).reverse().flat();
  const largest = backward.reduce((most, value, i) => Math.max(most, Math.abs(value - forward[i])), 0);
  expect(largest).toBeGreaterThan(1e-2);
});

it('refuses heads that the units cannot be divided among', () => {
  const parsed = transformer.options.safeParse(options({ heads: 4 }));
  expect(parsed.error?.issues.map(({ path, message }) => ({ path, message }))).toEqual([
    { path: ['heads'], message: 'heads must divide units: each head has an equal part of the columns' },
  ]);
});
