/** What the kinds of embeddings by a recurrence over the characters have in common, which is all but the recurrence. */
import { z } from 'zod';
import { charRecurrence } from '../layers/char-recurrence.js';
import type { Cell } from '../layers/recurrent.js';
import { type CharVocabulary, charVocabulary, claimCharacters, forEachToken } from './characters.js';
import type { EmbeddingKind } from './embedding.js';

function optionsOf<Kind extends string>(kind: Kind) {
  return z.strictObject({
    kind: z.literal(kind),
    dim: z.int().min(1).max(1024).default(30),
    /** Units of one direction; there are two. */
    units: z.int().min(1).max(4096).default(25),
    /** Dropout on the character embeddings. */
    dropout: z.number().min(0).lt(1).default(0.5),
  });
}

export function charRecurrent<Kind extends string>(
  kind: Kind,
  cell: Cell,
): EmbeddingKind<ReturnType<typeof optionsOf<Kind>>, CharVocabulary> {
  return {
    ...charVocabulary,
    options: optionsOf(kind),

    create({ dim, units, dropout }, sizes, context) {
      const { params, name } = context;
      const characters = claimCharacters(sizes, context);
      const options = { chars: sizes.chars, dim, units, dropout };
      const layer = charRecurrence(params, name, options, characters, cell);
      return { width: 2 * units, forward: forEachToken(2 * units, dropout, layer.forward) };
    },

    describe: ({ dim, units }, { chars }) => `${kind} ${dim} → 2 × ${units} (${chars.length} characters)`,
  };
}
