/** A word from its characters by convolution and max over time (Ma and Hovy 2016, as NCRF++ has it: no non-linearity). */
import { z } from 'zod';
import { charConvolution, layOutWords } from '../layers/char-convolution.js';
import { type CharVocabulary, charVocabulary, claimCharacters, forEachToken } from './characters.js';
import type { EmbeddingKind } from './embedding.js';

export const charCnnOptions = z.strictObject({
  kind: z.literal('char-cnn'),
  dim: z.int().min(1).max(1024).default(30),
  filters: z.int().min(1).max(4096).default(50),
  /** Characters under a filter; odd, so that a filter has a middle. */
  width: z
    .int()
    .min(1)
    .max(15)
    .refine((width) => width % 2 === 1, 'must be odd')
    .default(3),
  /** Dropout on the character embeddings. */
  dropout: z.number().min(0).lt(1).default(0.5),
});

export const charCnn: EmbeddingKind<typeof charCnnOptions, CharVocabulary> = {
  ...charVocabulary,
  options: charCnnOptions,

  create(options, sizes, context) {
    const { filters, width, dropout } = options;
    const layer = charConvolution(context.params, context.name, { ...options, chars: sizes.chars });
    const characters = claimCharacters(sizes, context);
    return {
      width: filters,
      forward: forEachToken(filters, dropout, (words, out, run) =>
        layer.forward(layOutWords(words, characters, width, run), out, run),
      ),
    };
  },

  describe: (options, { chars }) =>
    `char-cnn ${options.dim} → ${options.filters} × ${options.width} (${chars.length} characters)`,
};
