/** What every recurrent kind of encoder must do. A kind's own test calls this. */
import { describe, expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { lengths } from '../support/workbench.js';
import { changedRows, encoderConformance, encoderLayer } from './encoder.js';

const directions = ['forward', 'backward', 'both'];

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
