/** What every recurrent kind of encoder must do. A kind's own test calls this. */
import { describe, expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { seeded } from '../support/arrays.js';
import { exact, expectClose } from '../support/close.js';
import { lengths } from '../support/workbench.js';
import { changedRows, encoderConformance, encoderLayer } from './encoder.js';
import { Trial } from './layer.js';

const directions = ['forward', 'backward', 'both'];

const variants: Record<string, { options: object; dropped?: object }> = {
  'residual connections': { options: { connections: 'residual' } },
  'highways and layer normalisation': { options: { connections: 'highway', layerNorm: true } },
  'variational dropout, in the recurrence too': {
    options: { variational: true },
    dropped: { recurrentDropout: 0.4 },
  },
  'dropped tokens': { options: {}, dropped: { inputDropout: 0, outputDropout: 0, tokenDropout: 0.5 } },
};

/** `own` are the options that the kind does not share with others. */
export function recurrentConformance<S extends KindSchema>(
  kind: EncoderKind<S>,
  name: string,
  own: object = {},
): void {
  const optionsOf = (direction: string, layers: number, dropout = 0) => ({
    kind: kind.options.shape.kind.value,
    units: 3,
    direction,
    layers,
    inputDropout: dropout,
    outputDropout: dropout,
    ...own,
  });

  encoderConformance(
    kind,
    directions.flatMap((direction) =>
      [1, 2].map((layers) => ({
        name: `${name} ${direction}, layers ${layers}`,
        options: optionsOf(direction, layers),
        dropped: optionsOf(direction, layers, 0.4),
      })),
    ),
  );

  // What the options do is told by their own tests; here, that they stand together.
  const both = { ...optionsOf('both', 3), units: 2 };
  encoderConformance(
    kind,
    Object.entries(variants).map(([what, { options, dropped = {} }]) => ({
      name: `${name} with ${what}`,
      options: { ...both, ...options },
      dropped: { ...both, inputDropout: 0.3, outputDropout: 0.3, ...options, ...dropped },
    })),
  );

  describe.each([1, 2])(`${name} of %i layers`, (layers) => {
    /** Where token t is seen: at itself and the tokens behind it, before it, or all. */
    const seen: Record<string, (token: number, t: number) => boolean> = {
      forward: (token, t) => token >= t,
      backward: (token, t) => token <= t,
      both: () => true,
    };

    it.each(directions)(
      'that reads %s sees what it has read, and nothing of other sentences',
      (direction) => {
        // So many units that the rectifier never shuts all of them.
        const layer = encoderLayer(kind, { ...optionsOf(direction, layers), units: 16 });
        lengths.forEach((length, s) => {
          for (let t = 0; t < length; t++) {
            const tokens = Array.from({ length }, (_, token) => token).filter((token) =>
              seen[direction](token, t),
            );
            expect(changedRows(layer, s, t), `token ${t} of sentence ${s} changed`).toEqual(
              tokens.map((token) => [s, token]),
            );
          }
        });
      },
    );
  });

  it(`${name}: four layers that make nothing of what comes in pass it, and its gradient, through residuals`, () => {
    const options = { ...optionsOf('forward', 4), units: 5, connections: 'residual' };
    const trial = new Trial(encoderLayer(kind, options));
    for (const parameter of trial.bench.params.dense) trial.bench.values(parameter.name).fill(0);
    expectClose(trial.output(), trial.x, exact, 'y');
    const dx = trial.gradients().find((part) => part.name === 'x')!;
    expectClose(dx.gradient, trial.dy, exact, 'dx');
  });

  it(`${name}: orthogonal first weights of every gate of the recurrence`, () => {
    const options = { ...optionsOf('both', 2), init: 'orthogonal' };
    const { params } = new Trial(encoderLayer(kind, options)).bench;
    params.initialize(seeded());
    for (const parameter of params.dense.filter((one) => one.name.endsWith('.recurrent'))) {
      const [size, cols] = parameter.shape;
      const u = params.values(parameter);
      for (let j = 0; j < cols; j++) {
        for (let i = j - (j % size); i <= j; i++) {
          let sum = 0;
          for (let row = 0; row < size; row++) sum += u[row * cols + i] * u[row * cols + j];
          expect(Math.abs(sum - (i === j ? 1 : 0)), `${parameter.name}, columns ${i} and ${j}`).toBeLessThan(
            1e-6,
          );
        }
      }
    }
  });

  it(`${name} has the width of its directions`, () => {
    const widths = directions.map((direction) => encoderLayer(kind, optionsOf(direction, 2)).output);
    expect(widths).toEqual([3, 3, 6]);
  });

  it(`${name}: both directions stand side by side, forward first`, () => {
    const layer = encoderLayer(kind, { ...optionsOf('both', 1), units: 16 });
    const halves = (columns: number[]) => ({
      ...layer,
      output: columns.length,
      create: (params: Parameters<typeof layer.create>[0]) => {
        const forward = layer.create(params);
        return (...args: Parameters<typeof forward>) => {
          const [y, backward] = forward(...args);
          const half = { ...y, address: y.address + columns[0] * 4, cols: columns.length };
          return [half, backward] as ReturnType<typeof forward>;
        };
      },
    });
    // The last token of a sentence of four.
    const columns = Array.from({ length: 16 }, (_, j) => j);
    expect(changedRows(halves(columns), 1, 3)).toEqual([[1, 3]]);
    expect(changedRows(halves(columns.map((j) => 16 + j)), 1, 3)).toHaveLength(4);
  });
}
