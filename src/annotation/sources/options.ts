/** What the user says about the records of the input. Plain data: the workers that decode them get it too. */
import { z } from 'zod';
import { columnNames, layoutOptions } from '../../corpus/conll.js';
import { offsetUnits } from '../../text/offsets.js';

const name = z.string().min(1);

export const readOptions = {
  textField: name.default('text').describe('the field or column that holds the text'),
  idField: name.default('id').describe('the field or column that holds the id'),
  offsets: z.enum(offsetUnits).default('utf16').describe('what the offsets of given tokens count'),
  quotes: z.boolean().default(true).describe('whether `"` at the start of a cell of CSV or TSV quotes it'),
  columns: columnNames.default(['word']),
  tokenFields: z
    .array(name)
    .default([])
    .describe('fields of JSON lines that hold a value for each token, as far as a record has them'),
  ...layoutOptions,
};

/** What options are called in messages, which are for those who write a command line. */
export const flags = {
  from: '--from',
  textField: '--text-field',
  idField: '--id-field',
  offsets: '--input-offsets',
  quotes: '--no-quotes',
  columns: '--columns',
  tokenFields: 'tokenFields',
  separator: 'separator',
  comments: 'comments',
} as const satisfies Record<'from' | keyof typeof readOptions, string>;

/** All options settled; each format reads those that it knows. */
export type ReadOptions = z.output<z.ZodObject<typeof readOptions>>;
