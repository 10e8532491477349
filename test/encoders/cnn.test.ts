import { describe, expect, it } from 'vitest';
import { cnn, cnnOptions, reach } from '../../src/encoders/cnn.js';
import { convolution, tapsFor } from '../../src/layers/convolution.js';
import { encoderConformance, encoderLayer } from '../conformance/encoder.js';
import { type LayerCase, Trial } from '../conformance/layer.js';
import { seeded } from '../support/arrays.js';
import { exact, expectClose, roundings } from '../support/close.js';
import { sentencesOf } from '../support/workbench.js';

const plain = { kind: 'cnn', filters: 4, inputDropout: 0, outputDropout: 0 };

const shapes = [
  { blocks: 1, dilations: [1] },
  { blocks: 2, dilations: [1, 2, 1] },
  { blocks: 2, dilations: [2, 1], share: false },
  { blocks: 3, dilations: [3], width: 1 },
  { blocks: 1, dilations: [1, 4], width: 5 },
];

encoderConformance(
  cnn,
  shapes.map((shape) => ({
    name: `cnn ${JSON.stringify(shape)}`,
    options: { ...plain, ...shape },
    dropped: { ...plain, ...shape, inputDropout: 0.3, blockDropout: 0.3, outputDropout: 0.3 },
  })),
);

/** Everything positive: no filter is silent, and nothing cancels out. */
function positive(layer: LayerCase): Trial {
  const trial = new Trial(layer);
  for (const { name } of trial.bench.params.dense) {
    const values = trial.bench.values(name);
    values.forEach((value, i) => {
      values[i] = Math.abs(value) + 0.1;
    });
  }
  trial.x.forEach((value, i) => {
    trial.x[i] = Math.abs(value);
  });
  return trial;
}

describe.each([
  {},
  { blocks: 1, dilations: [1, 2, 4] },
  { blocks: 2, dilations: [4], width: 3 },
  { blocks: 2, dilations: [1, 2], width: 5 },
  { blocks: 3, dilations: [2, 3], share: false },
  { blocks: 5, dilations: [1, 2, 1], width: 1 },
  { blocks: 1, dilations: [7], width: 3 },
])('the receptive field of a cnn with %o', (shape) => {
  const options = cnnOptions.parse({ ...plain, ...shape });
  const { width, dilations, blocks } = options;
  const far = reach(options);
  const lengths = [3, 2 * far + 4, 1];
  const layer = { ...encoderLayer(cnn, options), sentences: sentencesOf(lengths) };
  const places = lengths.flatMap((length, s) => Array.from({ length }, (_, t) => ({ s, t })));

  /** The tokens of a sentence that one of them is made of, from the last convolution back to the first. */
  function tokensUnder(t: number, length: number): Set<number> {
    let tokens = [t];
    for (const dilation of [1, ...Array.from({ length: blocks }, () => dilations).flat()].reverse()) {
      const seen = tokens.flatMap((token) =>
        Array.from({ length: width }, (_, k) => token + (k - (width - 1) / 2) * dilation),
      );
      tokens = [...new Set(seen)].filter((token) => token >= 0 && token < length);
    }
    return new Set(tokens);
  }

  it('is the tokens under its filters, of this sentence and no other', () => {
    const trial = positive(layer);
    places.forEach(({ s, t }, i) => {
      trial.dy.fill(0).fill(1, i * layer.output, (i + 1) * layer.output);
      const dx = trial.gradients().find(({ name }) => name === 'x')!.gradient;
      const seen = places.filter((_, j) =>
        dx.subarray(j * layer.input, (j + 1) * layer.input).some((d) => d !== 0),
      );
      const under = tokensUnder(t, lengths[s]);
      expect(seen, `token ${t} of sentence ${s}`).toEqual(
        places.filter((place) => place.s === s && under.has(place.t)),
      );
    });
  });

  it('ends at its reach, to either side', () => {
    const middle = far + 2;
    const under = [...tokensUnder(middle, lengths[1])];
    expect([Math.min(...under), Math.max(...under)]).toEqual([middle - far, middle + far]);
  });
});

it('a cnn sees as far as it says', () => {
  const described = (shape: object) => cnn.describe(cnnOptions.parse({ kind: 'cnn', ...shape }));
  expect(described({})).toBe(
    'cnn 300 filters, width 3, dilations 1 2 1, 4 blocks of the same weights, sees 17 tokens each way',
  );
  expect(described({ blocks: 2, share: false, width: 5, dilations: [2] })).toMatch(
    /2 blocks, sees 10 tokens each way$/,
  );
  expect(described({ blocks: 1, width: 1 })).toMatch(/one block, sees 0 tokens each way$/);
});

describe('blocks', () => {
  const trialOf = (blocks: number, share: boolean) =>
    new Trial(encoderLayer(cnn, { ...plain, dilations: [1, 2], blocks, share }));
  const names = (trial: Trial) => trial.bench.params.dense.map(({ name }) => name);

  it('of the same weights have as many parameters as one, others have their own', () => {
    const one = names(trialOf(1, true));
    expect(one).toEqual([
      'encoder.first.weight',
      'encoder.first.bias',
      'encoder.blocks.0.0.weight',
      'encoder.blocks.0.0.bias',
      'encoder.blocks.0.1.weight',
      'encoder.blocks.0.1.bias',
    ]);
    expect(names(trialOf(3, true))).toEqual(one);
    expect(names(trialOf(1, false))).toEqual(one);
    expect(names(trialOf(3, false))).toHaveLength(2 + 3 * 4);
  });

  it('of the same weights do what blocks of their own with equal weights do, and the gradient is the sum', () => {
    const [shared, own] = [trialOf(3, true), trialOf(3, false)];
    const common = (name: string) => name.replace(/blocks\.\d/, 'blocks.0');
    for (const name of names(own)) own.bench.values(name).set(shared.bench.values(common(name)));
    expectClose(own.output(), shared.output(), exact);
    const parts = own.gradients();
    for (const { name, gradient } of shared.gradients()) {
      const each = parts.filter((part) => common(part.name) === name).map((part) => part.gradient);
      expect(each).toHaveLength(name.includes('blocks') ? 3 : 1);
      const sum = gradient.map((_, i) => each.reduce((total, part) => total + part[i], 0));
      const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expectClose(gradient, sum, roundings(64, largest), `d${name}`);
    }
  });

  it('begin as the identity: a new network gives what its first convolution gives', () => {
    for (const share of [true, false]) {
      const whole = trialOf(3, share);
      const first = new Trial({
        input: 5,
        output: 4,
        create: (params) => {
          const { forward } = convolution(params, 'first', { input: 5, filters: 4, width: 3, dilation: 1 });
          return (x, run) => forward(x, tapsFor(x.rows, 3, 4, run), run);
        },
      });
      for (const { bench } of [whole, first]) {
        for (const { name } of bench.params.dense) bench.values(name).fill(0);
        bench.params.initialize(seeded());
      }
      expect(whole.output()).toEqual(first.output());
      expect(whole.output().some((value) => value > 0)).toBe(true);
    }
  });
});

it.each([2, 4])('a filter of %i tokens has no middle and is refused', (width) => {
  const { error } = cnnOptions.safeParse({ kind: 'cnn', width });
  expect(error?.issues).toMatchObject([{ path: ['width'], message: 'must be odd' }]);
});
