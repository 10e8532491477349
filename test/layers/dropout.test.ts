import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/core/matrix.js';
import type { Run } from '../../src/core/run.js';
import { type Dropout, dropout, sentenceDropout, tokenDropout } from '../../src/layers/dropout.js';
import { layerConformance, Trial } from '../conformance/layer.js';
import { exact, expectClose } from '../support/close.js';
import { tokensOf } from '../support/rows.js';
import { sentencesOf } from '../support/workbench.js';

const layer = (rate: number, width = 5, drop: Dropout = dropout) => ({
  input: width,
  output: width,
  create: () => (x: Matrix, run: Run) => drop(x, rate, run),
});

const kinds = Object.entries({ dropout, sentenceDropout, tokenDropout });
for (const [name, drop] of kinds)
  layerConformance(name, { ...layer(0, 5, drop), random: layer(0.4, 5, drop).create });

it.each(kinds)('%s keeps a value divided by the chance that it stays, or makes it 0', (name, drop) => {
  // Of values that are dropped together, as many as there are values.
  const lengths =
    name === 'dropout' ? [50, 40, 1, 9] : name === 'tokenDropout' ? [1500, 500] : new Array(100).fill(2);
  const trial = new Trial({ ...layer(0.3, 20, drop), sentences: sentencesOf(lengths) });
  const y = trial.output([1]);
  const kept = y.filter((value, i) => {
    if (value === 0) return false;
    expect(value).toBeCloseTo(trial.x[i] / 0.7, 5);
    return true;
  });
  // Five standard deviations of 2,000 draws.
  const share = kept.length / y.length;
  expect(Math.abs(share - 0.7)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 2000));
});

it.each(kinds)('%s drops the same values of the gradient', (_, drop) => {
  const trial = new Trial(layer(0.5, 5, drop));
  const y = trial.output([1]);
  const dx = trial.gradients([1])[0].gradient;
  expectClose(
    dx,
    y.map((value, i) => (value === 0 ? 0 : 2 * trial.dy[i])),
    exact,
  );
});

it.each(kinds)('one %s after another drops other values', (_, drop) => {
  const trial = new Trial({
    ...layer(0.5, 20, drop),
    create: () => (x: Matrix, run: Run) => {
      drop(x, 0.5, run);
      return drop(x, 0.5, run);
    },
  });
  expect(trial.output([1])).not.toEqual(new Trial(layer(0.5, 20, drop)).output([1]));
});

describe.each([[1], [2, 7]])('in the random stream of %j', (...stream) => {
  const WIDTH = 40;
  const zeros = (drop: Dropout) => {
    const trial = new Trial({ ...layer(0.5, WIDTH, drop), sentences: sentencesOf([6, 3, 9, 1]) });
    const y = trial.output(stream);
    return trial.sentences.map((_, s) =>
      tokensOf(trial.sentences, s).map((token) =>
        [...y.subarray(token * WIDTH, (token + 1) * WIDTH)].map((value) => value === 0),
      ),
    );
  };

  it('sentenceDropout drops the same columns at every token of a sentence, and others in another', () => {
    const sentences = zeros(sentenceDropout);
    for (const [first, ...others] of sentences) for (const other of others) expect(other).toEqual(first);
    expect(new Set(sentences.map(([first]) => String(first))).size).toBe(sentences.length);
  });

  it('sentenceDropout drops other columns in another stream: shards have streams of their own', () => {
    const trial = new Trial({ ...layer(0.5, WIDTH, sentenceDropout) });
    expect(trial.output([...stream, 1])).not.toEqual(trial.output([...stream, 2]));
  });

  it('tokenDropout drops whole tokens, each by itself', () => {
    const tokens = zeros(tokenDropout).flat();
    for (const token of tokens) expect(new Set(token).size).toBe(1);
    expect(new Set(tokens.map(([first]) => first)).size).toBe(2);
  });
});
