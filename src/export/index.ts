/** The table of output formats. To add one: a file like `jsonl.ts` and a line here. */
import { extname } from 'node:path';
import { conll } from './conll.js';
import { conllu } from './conllu.js';
import { csv, tsv } from './csv.js';
import type { OutputKind } from './format.js';
import { html } from './html.js';
import { jsonl } from './jsonl.js';
import { standoffOutputs } from './standoff.js';

export { contentOf } from './content.js';
export type { FolderFormat, OutputFormat, OutputKind, OutputOptions } from './format.js';
export { rounded } from './rounded.js';

export const outputs = {
  jsonl,
  csv,
  tsv,
  conll,
  conllu,
  html,
  ...standoffOutputs,
} satisfies Record<string, OutputKind>;

export type OutputName = keyof typeof outputs;

/** The format that a file's ending tells of. */
export function outputOf(path: string): OutputName | undefined {
  const ending = extname(path).toLowerCase();
  const names = Object.keys(outputs) as OutputName[];
  return names.find((name) => outputs[name].endings.includes(ending));
}
