/** The table of corpus formats. To add one: a file like `brown.ts` and a line here, or a standoff format in its own table. */
import type { MakeDocument } from '../text/make-document.js';
import { brown } from './brown.js';
import { offsetFormats } from './by-offset.js';
import { conll } from './conll.js';
import { conllu } from './conllu.js';
import type { CellFormat, CorpusFormat, FormatKind, Settled } from './format.js';

/** Formats of cells, which write every character as they read it. */
const cellFormats = { conll, conllu, brown };

export const formats = { ...cellFormats, ...offsetFormats } satisfies Record<string, FormatKind>;

type OptionsIn<Table extends Record<string, FormatKind>> = {
  [Name in keyof Table]: { readonly format: Name } & Settled<Table[Name]['options']>;
}[keyof Table];

export type FormatName = keyof typeof formats;

/** The name of a format and its options, as a checked description holds them. */
export type FormatOptions = OptionsIn<typeof formats>;
export type CellFormatOptions = OptionsIn<typeof cellFormats>;

/** The format with these options; a whole corpus description will do. `make`: see {@link FormatKind.open}. */
export function openFormat(options: CellFormatOptions): CellFormat;
export function openFormat(options: FormatOptions, make?: MakeDocument): CorpusFormat;
export function openFormat(options: FormatOptions, make?: MakeDocument): CorpusFormat {
  return formatKind(options).open(options, make);
}

/** The entry of the table. */
export const formatKind = ({ format }: Pick<FormatOptions, 'format'>): FormatKind => formats[format];
