import { describe, expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import { type ConvolutionOptions, convolution, identity, tapsFor } from '../../src/layers/convolution.js';
import { type Forward, layerConformance, Trial } from '../conformance/layer.js';
import { seeded } from '../support/arrays.js';
import { exact, expectClose, roundings } from '../support/close.js';
import { sentencesOf } from '../support/workbench.js';

const layer = (options: ConvolutionOptions) => ({
  input: options.input,
  output: options.filters,
  sentences: sentencesOf([2, 7, 1, 5, 1]),
  create: (params: Params): Forward => {
    const { forward } = convolution(params, 'convolution', options);
    return (x, run) => forward(x, tapsFor(x.rows, options.width, options.filters, run), run);
  },
});

const shapes: ConvolutionOptions[] = [
  { input: 5, filters: 3, width: 3, dilation: 1 },
  { input: 3, filters: 9, width: 3, dilation: 2 },
  { input: 4, filters: 4, width: 5, dilation: 3 },
  { input: 2, filters: 5, width: 1, dilation: 1 },
];

describe.each(shapes)('$input to $filters, width $width, dilation $dilation', (shape) => {
  layerConformance('convolution', layer(shape));

  it('sums the tokens under a filter, zeros beyond the ends, and leaves out what is below 0', () => {
    const { input, filters, width, dilation } = shape;
    const trial = new Trial(layer(shape));
    const [w, b] = ['weight', 'bias'].map((name) => trial.bench.values(`convolution.${name}`));
    let first = 0;
    const expected = trial.sentences.flatMap(({ length }) => {
      const x = (t: number, i: number) => (t < 0 || t >= length ? 0 : trial.x[(first + t) * input + i]);
      const rows = Array.from({ length }, (_, t) =>
        Array.from(b, (bias, j) => {
          let sum = bias;
          for (let k = 0; k < width; k++) {
            for (let i = 0; i < input; i++) {
              sum += x(t + (k - (width - 1) / 2) * dilation, i) * w[i * width * filters + k * filters + j];
            }
          }
          return Math.max(0, sum);
        }),
      );
      first += length;
      return rows.flat();
    });
    expectClose(trial.output(), expected, roundings(32, 2));
  });
});

describe.each([1, 3, 5])('an identity of width %i', (width) => {
  const options = { width, dilation: 2, init: identity(width) };

  it('passes on what is above 0, to the bit', () => {
    const trial = new Trial(layer({ ...options, input: 6, filters: 6 }));
    for (const { name } of trial.bench.params.dense) trial.bench.values(name).fill(0);
    trial.bench.params.initialize(seeded());
    expectClose(
      trial.output(),
      trial.x.map((value) => Math.max(0, value)),
      exact,
    );
  });

  it('has one weight of 1 for each input that has a filter', () => {
    for (const [input, filters] of [
      [2, 5],
      [5, 2],
    ]) {
      const { bench } = new Trial(layer({ ...options, input, filters }));
      bench.values('convolution.weight').fill(0);
      bench.params.initialize(seeded());
      expect(bench.values('convolution.weight').reduce((sum, value) => sum + value, 0)).toBe(2);
    }
  });
});

it('a convolution begins with weights of both signs that keep the size of what they are given', () => {
  const { bench } = new Trial(layer({ input: 40, filters: 60, width: 3, dilation: 1 }));
  bench.params.initialize(seeded());
  const weights = bench.values('convolution.weight');
  const squares = weights.reduce((sum, value) => sum + value * value, 0) / weights.length;
  const mean = weights.reduce((sum, value) => sum + value, 0) / weights.length;
  // Glorot's variance. Of 7,200 weights the mean square errs by about 1 %, the mean by that of their size.
  expect(Math.abs((squares * 3 * (40 + 60)) / 2 - 1)).toBeLessThan(0.05);
  expect(Math.abs(mean)).toBeLessThan(0.05 * Math.sqrt(squares));
});
