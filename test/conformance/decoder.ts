/** What every decoder must do. A kind's own test calls this with its definition, written for one sentence in f64. */
import { describe, expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { DecoderKind } from '../../src/decoders/decoder.js';
import { seed, seeded } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';
import { allows, cases } from '../support/decoder-cases.js';
import { type DecoderDefinition, weighted } from '../support/decoder-definition.js';
import { DecoderTrial } from '../support/decoder-trial.js';
import { expectGradients } from '../support/workbench.js';

/** `options` let it find the best of all paths. */
export function decoderConformance<S extends KindSchema>(
  name: string,
  kind: DecoderKind<S>,
  options: object,
  definition: DecoderDefinition,
): void {
  const parsed = kind.options.parse(options);

  describe.each(Object.entries(cases))(`${name} over %s (seed ${seed})`, (_, one) => {
    const trial = (size?: number) =>
      new DecoderTrial((...args) => kind.create(parsed, ...args), one, { size });

    it('has the loss of its definition', () => {
      for (const size of [1, 30]) {
        const made = trial(size);
        const { gold } = made;
        const each = made.defined(definition).map(({ loss }, s) => loss(gold[s]));
        const losses = made.all.map((s) => made.loss([s]));
        expectClose(losses, each, roundings(64, 4 * size), 'loss of sentence');
      }
    });

    it('sums the loss over the sentences, in whatever order', () => {
      const made = trial();
      const sum = made.all.reduce((total, s) => total + made.loss([s]), 0);
      for (const chosen of [made.all, made.all.reverse(), [...seeded(4).permutation(5)]]) {
        expect(made.loss(chosen)).toBeCloseTo(sum, 10);
      }
      expect(made.loss([])).toBe(0);
    });

    it('has the gradients of finite differences', () => {
      const made = trial();
      expectGradients(made.gradients(), () => made.loss());
    });

    it('decodes the best of the allowed paths', () => {
      for (const size of [1, 5]) {
        const made = trial(size);
        const best = made
          .defined(definition)
          .map((sentence, s) => weighted(made.k, made.sentences[s].length, sentence)[0].path);
        expect(made.decode()).toEqual(best);
      }
    });

    it('decodes a sentence the same alone and in a batch, in whatever order', () => {
      const made = trial();
      const all = made.decode();
      for (const chosen of [...made.all.map((s) => [s]), made.all.reverse()]) {
        expect(made.decode(chosen)).toEqual(chosen.map((s) => all[s]));
      }
      expect(made.decode([])).toEqual([]);
    });

    it('never decodes what is forbidden, however far ahead its emission is', () => {
      for (const size of [100, 1e6]) {
        for (const path of trial(size).decode()) expect(allows(one[1], path), `${path}`).toBe(true);
      }
    });
  });
}
