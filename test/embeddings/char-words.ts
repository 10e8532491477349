/** What every embedding by characters must do beside being an embedding, and what tells words apart. */
import { describe, expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { CharVocabulary } from '../../src/embeddings/characters.js';
import type { EmbeddingKind } from '../../src/embeddings/embedding.js';
import { embeddingLayer, learning, sentences } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { exact, expectClose, roundings } from '../support/close.js';

/** `optionsOf` gives the options with some dropout. */
export async function charConformance<S extends KindSchema>(
  name: string,
  kind: EmbeddingKind<S, CharVocabulary>,
  optionsOf: (dropout: number) => object,
): Promise<void> {
  const options = optionsOf(0);
  const vocabulary = await kind.learn(kind.options.parse(options), learning);

  /** The rows of words, each a sentence. */
  function rowsOf(...words: string[]): number[][] {
    const layer = embeddingLayer(
      kind,
      options,
      vocabulary,
      words.map((word) => [word]),
    );
    const y = new Trial(layer).output();
    return words.map((_, i) => [...y.subarray(i * layer.output, (i + 1) * layer.output)]);
  }

  describe(name, () => {
    it('knows the characters of the training words, whole code points, and 0 for every digit', () => {
      const { chars } = vocabulary;
      expect(chars).toContain('ï');
      expect(chars.filter((char) => /\d/.test(char))).toEqual(['0']);
      expect(new Set(chars).size).toBe(chars.length);
    });

    it('tells words apart that differ in a letter, in its case or in order, and not those that differ in digits', () => {
      const [the, The, eth, year, other] = rowsOf('the', 'The', 'eth', '1984', '2017');
      expect(The).not.toEqual(the);
      expect(eth).not.toEqual(the);
      expect(other).toEqual(year);
    });

    it('takes characters that training did not see for one unknown character', () => {
      const [one, two, pair, emoji] = rowsOf('東', '京', '東京', '😀');
      expect(two).toEqual(one);
      expect(emoji).toEqual(one);
      expect(pair).not.toEqual(one);
    });

    it('takes the empty word for one unknown character, wherever it stands', () => {
      const [first, the, unknown, last] = rowsOf('', 'the', '東', '');
      expect(first).toEqual(unknown);
      expect(last).toEqual(unknown);
      expect(the).not.toEqual(unknown);
    });

    // Where something is dropped every token has a row of its own, else every distinct form; with a rate next to none they agree.
    it('has the same rows and gradients whether tokens or forms are worked out', () => {
      const twice = [...sentences, ...sentences];
      const trial = new Trial(embeddingLayer(kind, optionsOf(1e-9), vocabulary, twice));
      expectClose(trial.output([1]), trial.output(), exact);
      const inference = trial.gradients();
      trial.gradients([1]).forEach(({ name, gradient }, i) => {
        expectClose(gradient, inference[i].gradient, roundings(256, 4), `d${name}`);
      });
    });

    it('drops other characters at every token of a form', () => {
      const layer = embeddingLayer(kind, optionsOf(0.5), vocabulary, [['the', 'the', 'the', 'the']]);
      const y = new Trial(layer).output([1]);
      const rows = [0, 1, 2, 3].map((i) => y.subarray(i * layer.output, (i + 1) * layer.output).join());
      expect(new Set(rows).size).toBe(4);
    });
  });
}
