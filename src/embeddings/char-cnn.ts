/** A word from its characters by convolution and max over time (Ma and Hovy 2016, as NCRF++ has it: no non-linearity). */
import { z } from 'zod';
import { distinctForms } from '../core/batch.js';
import { matrix } from '../core/matrix.js';
import { charConvolution, layOutWords } from '../layers/char-convolution.js';
import { StringIndex, unitsOf } from '../text/string-index.js';
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

export interface CharVocabulary {
  /** Characters (code points) of the rows 1, 2, …; row 0 is the unknown character. */
  readonly chars: readonly string[];
}

const savedVocabulary = z.strictObject({ chars: z.array(z.string()) });

/** Digits are one character: numbers differ by their shape. */
function charactersOf(form: string): string[] {
  return Array.from(form, (char) => (/\p{Nd}/u.test(char) ? '0' : char));
}

/** The rows of a form's characters. */
function rowsOfCharacters(form: string, index: StringIndex): readonly number[] {
  // A word without a character, which only a caller of the library can have, is one unknown character.
  return form === '' ? [0] : charactersOf(form).map((char) => index.find(char) + 1);
}

export const charCnn: EmbeddingKind<typeof charCnnOptions, CharVocabulary> = {
  options: charCnnOptions,

  async learn(_options, { counts }) {
    const chars = new Set<string>();
    for (const form of counts.keys()) for (const char of charactersOf(form)) chars.add(char);
    return { chars: [...chars].sort() };
  },

  sizes: ({ chars }) => ({ chars: chars.length + 1, units: unitsOf(chars) }),

  create(options, { chars, units }, { params, name, forms, vocabulary }) {
    const { filters, width } = options;
    const layer = charConvolution(params, name, { ...options, chars });
    const indexBytes = StringIndex.bytes(chars - 1, units);
    const index = new StringIndex(
      params.heap,
      params.reserve(indexBytes, (address) => StringIndex.write(params.heap, address, vocabulary().chars)),
    );
    const characters = forms.lists(() => (form) => rowsOfCharacters(form, index));
    return {
      width: filters,
      forward(out, run) {
        const { batch, arena, kernels } = run;
        // In training every token drops other characters, so every token has a row.
        if (run.random) return layer.forward(layOutWords(batch.forms, characters, width, run), out, run);
        const { distinct, slots } = distinctForms(batch.forms);
        const rows = layOutWords(distinct, characters, width, run);
        const y = matrix(arena.words(rows.words * filters), rows.words, filters);
        const backward = layer.forward(rows, y, run);
        const ids = arena.words(batch.tokens);
        arena.heap.i32.set(slots, ids >>> 2);
        const [n, to] = [batch.tokens, out.address];
        kernels.gather(n, filters, ids, y.address, rows.words, 0, to, out.stride);
        return (dout) => {
          const sums = matrix(arena.zeros(rows.words * filters), rows.words, filters);
          kernels.scatter_add(n, filters, ids, dout.address, dout.stride, sums.address);
          backward(sums);
        };
      },
    };
  },

  save: ({ chars }) => ({ json: { chars } }),
  load: (_options, json) => savedVocabulary.parse(json),
  describe: (options, { chars }) =>
    `char-cnn ${options.dim} → ${options.filters} × ${options.width} (${chars.length} characters)`,
};
