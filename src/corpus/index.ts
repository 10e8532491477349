/** The table of corpus formats. To add one: a file like `brown.ts` and a line here. */
import type { MakeDocument } from '../text/make-document.js';
import { brown } from './brown.js';
import { conll } from './conll.js';
import { conllu } from './conllu.js';
import type { CorpusFormat, FormatKind, Settled } from './format.js';

export const formats = { conll, conllu, brown } satisfies Record<string, FormatKind>;

type Formats = typeof formats;
export type FormatName = keyof Formats;

/** The name of a format and its options, as a checked description holds them. */
export type FormatOptions = {
  [Name in FormatName]: { readonly format: Name } & Settled<Formats[Name]['options']>;
}[FormatName];

/** The format with these options; a whole corpus description will do. `make`: see {@link FormatKind.open}. */
export function openFormat(options: FormatOptions, make?: MakeDocument): CorpusFormat {
  return formatKind(options).open(options, make);
}

/** The entry of the table. */
export const formatKind = ({ format }: Pick<FormatOptions, 'format'>): FormatKind => formats[format];
