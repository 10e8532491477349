/** What every encoder must do. A kind's own test calls this and adds what each row may depend on. */
import { expect, it } from 'vitest';
import { type Carry, type StateShape, States } from '../../src/core/carry.js';
import { engine } from '../../src/core/engine.js';
import type { KindSchema } from '../../src/core/kind.js';
import { Params } from '../../src/core/params.js';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { numbers, seeded } from '../support/arrays.js';
import { place } from '../support/rows.js';
import { sentencesOf, Workbench } from '../support/workbench.js';
import { type LayerCase, layerConformance, Trial } from './layer.js';

export interface EncoderCase {
  readonly name: string;
  /** As in a config, without dropout, but for the kind. */
  readonly options: object;
  /** The same with dropout. */
  readonly dropped: object;
}

const INPUT = 5;

/** An encoder as a layer. */
export function encoderLayer<S extends KindSchema>(kind: EncoderKind<S>, options: object): LayerCase {
  const parsed = kind.options.parse(options);
  const { width: output } = kind.create(parsed, INPUT, new Params(engine().heap), 'encoder');
  return { input: INPUT, output, create: (params) => kind.create(parsed, INPUT, params, 'encoder').forward };
}

export function encoderConformance<S extends KindSchema>(
  kind: EncoderKind<S>,
  cases: readonly EncoderCase[],
): void {
  for (const { name, options, dropped } of cases) {
    const layer = encoderLayer(kind, options);
    layerConformance(name, { ...layer, random: encoderLayer(kind, dropped).create });

    it(`${name}: says what it carries on, and carries nothing else`, () => {
      const bench = new Workbench();
      const encoder = kind.create(kind.options.parse(options), INPUT, bench.params, 'encoder');
      bench.fill();
      const run = bench.start(sentencesOf());
      const states = new States(engine().heap, run.batch.sentences);
      const taken: StateShape[] = [];
      const carry: Carry = {
        state(name, width) {
          taken.push({ name, width });
          return states.state(name, width);
        },
      };
      encoder.forward(place(run, INPUT, numbers(run.batch.tokens * INPUT, seeded())), { ...run, carry });
      states.release();
      expect(taken).toEqual(encoder.states);
    });

    it(`${name}: is described in one line`, () => {
      expect(kind.describe(kind.options.parse(options))).toMatch(/^\S.*\S$/);
    });
  }
}

/** The places of the rows of y that change when x of token `t` of sentence `s` does, as [sentence, token]. */
export function changedRows(layer: LayerCase, s: number, t: number): [sentence: number, token: number][] {
  const trial = new Trial(layer);
  const before = trial.output();
  const places = trial.sentences.flatMap((sentence, of) =>
    Array.from(sentence, (_, token): [number, number] => [of, token]),
  );
  const at = places.findIndex(([of, token]) => of === s && token === t) * layer.input;
  for (let j = 0; j < layer.input; j++) trial.x[at + j] += 0.5;
  const after = trial.output();
  return places.filter((_, i) =>
    after
      .subarray(i * layer.output, (i + 1) * layer.output)
      .some((value, j) => value !== before[i * layer.output + j]),
  );
}
