/** What every embedding by a recurrence over characters must do. */
import { expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { CharVocabulary } from '../../src/embeddings/characters.js';
import type { EmbeddingKind } from '../../src/embeddings/embedding.js';
import { embeddingConformance, embeddingLayer, learning } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { charConformance } from './char-words.js';

const UNITS = 3;

export async function charRecurrentConformance<S extends KindSchema>(
  kind: EmbeddingKind<S, CharVocabulary>,
  name: string,
): Promise<void> {
  const optionsOf = (dropout: number, units = UNITS) => ({ kind: name, dim: 4, units, dropout });
  await embeddingConformance(
    kind,
    [1, UNITS].map((units) => ({
      name: `${name} of ${units} units`,
      options: optionsOf(0, units),
      random: optionsOf(0.4, units),
    })),
  );
  await charConformance(name, kind, optionsOf);
  const vocabulary = await kind.learn(kind.options.parse(optionsOf(0)), learning);

  it(`${name}: reads every character in both directions`, () => {
    // Other in the first letter, in the last, and in one between.
    const words = ['rise', 'eise', 'risr', 'ries'];
    const layer = embeddingLayer(
      kind,
      optionsOf(0),
      vocabulary,
      words.map((word) => [word]),
    );
    const y = new Trial(layer).output();
    const half = (i: number) => y.subarray(i * UNITS, (i + 1) * UNITS).join();
    for (const direction of [0, 1]) {
      const halves = words.map((_, word) => half(2 * word + direction));
      expect(new Set(halves).size).toBe(words.length);
    }
  });
}
