import { describe, expect, it } from 'vitest';
import { lstm } from '../../src/encoders/lstm.js';
import { changedRows, encoderConformance, encoderLayer } from '../conformance/encoder.js';
import { lengths } from '../support/workbench.js';

const options = (direction: string, layers: number, dropout = 0) => ({
  kind: 'lstm',
  units: 3,
  direction,
  layers,
  inputDropout: dropout,
  outputDropout: dropout,
});

const directions = ['forward', 'backward', 'both'];

encoderConformance(
  lstm,
  directions.flatMap((direction) =>
    [1, 2].map((layers) => ({
      name: `lstm ${direction}, layers ${layers}`,
      options: options(direction, layers),
      dropped: options(direction, layers, 0.4),
    })),
  ),
);

describe.each([1, 2])('an lstm of %i layers', (layers) => {
  /** Where token t is seen: at itself and the tokens behind it, before it, or all. */
  const seen: Record<string, (token: number, t: number) => boolean> = {
    forward: (token, t) => token >= t,
    backward: (token, t) => token <= t,
    both: () => true,
  };

  it.each(directions)('that reads %s sees what it has read, and nothing of other sentences', (direction) => {
    const layer = encoderLayer(lstm, options(direction, layers));
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
  });
});

it('an lstm has the width of its directions', () => {
  expect(directions.map((direction) => encoderLayer(lstm, options(direction, 2)).output)).toEqual([3, 3, 6]);
});

it('both directions stand side by side, forward first', () => {
  const layer = encoderLayer(lstm, options('both', 1));
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
  expect(changedRows(halves([0, 1, 2]), 1, 3)).toEqual([[1, 3]]);
  expect(changedRows(halves([3, 4, 5]), 1, 3)).toHaveLength(4);
});
