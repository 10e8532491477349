/** What the kinds have in common that look a feature of a word's form up in a table. */
import type { z } from 'zod';
import type { KindSchema } from '../core/kind.js';
import type { EmbeddingKind } from './embedding.js';
import { lookUp, numbersOfForms } from './rows.js';
import { claimValues, type ValueVocabulary, valuesOf, valueVocabulary } from './values.js';

interface FormValueOptions {
  readonly dim: number;
  /** Values that training has less often are row 0, which learns what such words are like. */
  readonly minCount: number;
}

/** `featureOf` gives the feature of a form. */
export function formValue<Schema extends KindSchema & z.ZodType<FormValueOptions>>(
  options: Schema,
  featureOf: (options: z.output<Schema>, form: string) => string,
  describe: (options: z.output<Schema>) => string,
): EmbeddingKind<Schema, ValueVocabulary> {
  return {
    ...valueVocabulary,
    options,

    async learn(options, { counts }) {
      const values = Array.from(counts, ([form, count]) => [featureOf(options, form), count] as const);
      return valuesOf(values, options.minCount);
    },

    create(options, sizes, context) {
      const { params } = context;
      const { table, rowOf } = claimValues(options.dim, sizes, context);
      const rows = context.forms.column(() => (form) => rowOf(featureOf(options, form)));
      return {
        width: options.dim,
        forward: (out, run) => lookUp({ table, params }, numbersOfForms(rows, run), out, run),
      };
    },

    describe: (options, { values }) => `${describe(options)} (${values.length} values)`,
  };
}
