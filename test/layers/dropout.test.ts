import { expect, it } from 'vitest';
import type { Matrix } from '../../src/core/matrix.js';
import type { Run } from '../../src/core/run.js';
import { dropout } from '../../src/layers/dropout.js';
import { layerConformance, Trial } from '../conformance/layer.js';
import { sentencesOf } from '../support/workbench.js';

const layer = (rate: number, width = 5) => ({
  input: width,
  output: width,
  create: () => (x: Matrix, run: Run) => dropout(x, rate, run),
});

layerConformance('dropout', { ...layer(0), random: layer(0.4).create });

it('dropout keeps a value divided by the chance that it stays, or makes it 0', () => {
  const trial = new Trial({ ...layer(0.3, 20), sentences: sentencesOf([50, 40, 1, 9]) });
  const y = trial.output([1]);
  const kept = y.filter((value, i) => {
    if (value === 0) return false;
    expect(value).toBeCloseTo(trial.x[i] / 0.7, 5);
    return true;
  });
  // 2000 values: five standard deviations.
  const deviation = Math.sqrt(0.3 * 0.7 * y.length);
  expect(Math.abs(kept.length - 0.7 * y.length)).toBeLessThan(5 * deviation);
});

it('dropout drops the same values of the gradient', () => {
  const trial = new Trial(layer(0.5));
  const y = trial.output([1]);
  const dx = trial.gradients([1])[0].gradient;
  y.forEach((value, i) => {
    expect(dx[i]).toBe(value === 0 ? 0 : 2 * trial.dy[i]);
  });
});

it('one dropout after another drops other values', () => {
  const trial = new Trial({
    ...layer(0.5, 20),
    create: () => (x: Matrix, run: Run) => {
      dropout(x, 0.5, run);
      return dropout(x, 0.5, run);
    },
  });
  expect(trial.output([1])).not.toEqual(new Trial(layer(0.5, 20)).output([1]));
});
