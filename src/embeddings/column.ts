/**
 * A column of the input beside the words, such as parts of speech: a row of a table for each value that training has, row 0 for
 * all others. A model with such an embedding needs the column wherever it is used.
 */
import { z } from 'zod';
import { TaggerError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { FillTracks, TokenSentence } from '../text/tracks.js';
import type { EmbeddingKind, LearningContext } from './embedding.js';
import { lookUp, markRare, shownRows } from './rows.js';
import { claimValues, type ValueVocabulary, valuesOf, valueVocabulary } from './values.js';

export const columnOptions = z.strictObject({
  kind: z.literal('column'),
  /** The name of the column in the corpus, such as `pos`, or `xpos` in CoNLL-U. */
  column: z.string().min(1),
  dim: z.int().min(1).max(1024).default(20),
  /** Values that are rarer in training count as unknown. */
  minCount: z.int().min(1).default(1),
  /** Probability that training shows a value that occurs once as unknown. */
  unknown: z.number().min(0).max(1).default(0.5),
  /** Probability that training shows any value as unknown. */
  dropout: z.number().min(0).lt(1).default(0),
});

export const column: EmbeddingKind<typeof columnOptions, ValueVocabulary> = {
  ...valueVocabulary,
  options: columnOptions,
  columns: ({ column }) => [column],

  async learn({ column, minCount }, { columns, place }) {
    if (!columns?.names.includes(column)) throw noColumn(column, columns, place);
    return valuesOf(columns.count(column), minCount);
  },

  create(options, sizes, context) {
    const { params, tracks, vocabulary } = context;
    const { table, rowOf } = claimValues(options.dim, sizes, context);
    const numberOf = markRare(params, sizes.rows, () => Array.from(vocabulary().rare ?? [], rowOf));
    const track = tracks.claim(1, (): FillTracks => {
      return (sentence, [numbers]) => {
        numbers.set(valuesIn(sentence, options.column).map((value) => numberOf(rowOf(value))));
      };
    });
    return {
      width: options.dim,
      forward(out, run) {
        const rows = shownRows(run.batch.tracks[track], options, run);
        return lookUp({ table, params }, rows, out, run);
      },
    };
  },

  describe: ({ column, dim }, { values }) => `column ${column} → ${dim} (${values.length} values)`,
};

function noColumn(
  name: string,
  columns: LearningContext['columns'],
  { key, ...place }: LearningContext['place'],
): TaggerError {
  const isLabel = name === columns?.label;
  return new TaggerError('E_CONFIG', {
    message: isLabel ? `"${name}" is the column to learn` : `the corpus has no column "${name}"`,
    place: { ...place, key: `${key}.column` },
    expected: columns?.names.join(' or ') || 'a corpus with a column beside the words and the one to learn',
    found: name,
    hint: isLabel ? undefined : nearest(name, columns?.names ?? []),
  });
}

/** One value a token. Throws E_COLUMN. */
function valuesIn({ tokens, columns = {} }: TokenSentence, name: string): readonly string[] {
  const values = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (values?.length === tokens.length) return values;
  const others = Object.keys(columns).join(', ');
  throw new TaggerError('E_COLUMN', {
    message: values
      ? `the column "${name}" does not go with the tokens`
      : `the model reads the column "${name}", which the input does not have`,
    expected: `a value of "${name}" for each of ${tokens.length} tokens`,
    found: values ? `${values.length} values` : others ? `the columns ${others}` : 'words alone',
    hint:
      `give it in CoNLL (--columns word,${name}), in CoNLL-U, in JSON lines as {"tokens": [...], "${name}": [...]}, ` +
      `or to the library as { tokens, columns: { ${JSON.stringify(name)}: [...] } }`,
  });
}
