/** What the embeddings by characters share: their vocabulary, the numbers of a word's characters, and which words of a batch are worked out. */
import { z } from 'zod';
import { distinctForms } from '../core/batch.js';
import { type Matrix, matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';
import type { Characters } from '../layers/characters.js';
import { StringIndex, unitsOf } from '../text/string-index.js';
import type { CreationContext, Embedding, LearningContext, Sizes } from './embedding.js';

export interface CharVocabulary {
  /** Characters (code points) of the rows 1, 2, …; row 0 is the unknown character. */
  readonly chars: readonly string[];
}

const savedVocabulary = z.strictObject({ chars: z.array(z.string()) });

/** What all of these kinds do with their vocabulary. */
export const charVocabulary = {
  async learn(_options: unknown, { counts }: LearningContext): Promise<CharVocabulary> {
    const chars = new Set<string>();
    for (const form of counts.keys()) for (const char of charactersOf(form)) chars.add(char);
    return { chars: [...chars].sort() };
  },
  sizes: ({ chars }: CharVocabulary): Sizes => ({ chars: chars.length + 1, units: unitsOf(chars) }),
  save: ({ chars }: CharVocabulary) => ({ json: { chars } }),
  load: (_options: unknown, json: unknown): CharVocabulary => savedVocabulary.parse(json),
};

/** Digits are one character: numbers differ by their shape. */
function charactersOf(form: string): string[] {
  return Array.from(form, (char) => (/\p{Nd}/u.test(char) ? '0' : char));
}

/** The characters of every form, as rows of the vocabulary. */
export function claimCharacters(
  { chars, units }: Sizes,
  { params, forms, vocabulary }: CreationContext<CharVocabulary>,
): Characters {
  const index = StringIndex.reserve(params, chars - 1, units, () => vocabulary().chars);
  // A word without a character, which only a caller of the library can have, is one unknown character.
  return forms.lists(
    () => (form) => (form === '' ? [0] : charactersOf(form).map((char) => index.find(char) + 1)),
  );
}

/** Writes a row for each of some words, given by the ids of their forms; the backward function takes the gradient of out. */
export type WordLayer = (words: Int32Array, out: Matrix, run: Run) => (dout: Matrix) => void;

/**
 * From a layer of words to one of tokens. Where something is dropped, every token drops other characters and has a row of its own;
 * else a form is worked out once, however often it occurs.
 */
export function forEachToken(width: number, dropout: number, layer: WordLayer): Embedding['forward'] {
  return (out, run) => {
    const { batch, arena, kernels } = run;
    if (run.random && dropout > 0) return layer(batch.forms, out, run);
    const { distinct, slots } = distinctForms(batch.forms);
    const y = matrix(arena.words(distinct.length * width), distinct.length, width);
    const backward = layer(distinct, y, run);
    const ids = arena.words(batch.tokens);
    arena.heap.i32.set(slots, ids >>> 2);
    kernels.gather(batch.tokens, width, ids, y.address, y.rows, 0, out.address, out.stride);
    return (dout) => {
      const sums = matrix(arena.zeros(y.rows * width), y.rows, width);
      kernels.scatter_add(batch.tokens, width, ids, dout.address, dout.stride, sums.address);
      backward(sums);
    };
  };
}
