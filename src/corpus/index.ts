/** The table of corpus formats. To add one: a file like `brown.ts` and a line here. */
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

/** The format with these options; a whole corpus description will do. */
export function openFormat(options: FormatOptions): CorpusFormat {
  const kind: FormatKind = formats[options.format];
  return kind.open(options);
}
