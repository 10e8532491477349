/** The options that say how a single annotated file is read. */
import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { TaggerError } from '../core/errors.js';
import { type CorpusDescription, corpusSchema } from '../corpus/description.js';
import { formats } from '../corpus/index.js';
import { check } from '../pipeline/check.js';
import { alignPolicies } from '../text/align-spans.js';
import { offsetUnits } from '../text/offsets.js';

export interface FileOptions {
  readonly format?: string;
  readonly columns?: readonly string[];
  readonly separator?: string;
  readonly label?: string;
  readonly scheme?: string;
  readonly align?: string;
  readonly offsets?: string;
}

/** `label`: what the column of that option is for. */
export function addFileOptions(command: Command, label: string): Command {
  command.addOption(new Option('--format <name>', 'the format of the file').choices(formatNames));
  return addReadingOptions(command, label).addOption(
    unitOption('--offsets <unit>', "what offsets count (default: what the format's own tools count)"),
  );
}

export const formatNames = Object.keys(formats);

/** All but the format itself and what its offsets count. */
export function addReadingOptions(command: Command, label: string): Command {
  return command
    .option('--columns <names>', 'the columns of the file in order: word,_,_,ner', (names) =>
      names.split(','),
    )
    .option('--separator <text>', 'what separates columns: whitespace, tab, space, or the text itself')
    .option('--label <column>', label)
    .option('--scheme <name>', 'how its tags are written (default: as the file shows)')
    .addOption(
      new Option(
        '--align <policy>',
        'what becomes of entities that begin or end inside a token (default: error)',
      ).choices(alignPolicies),
    );
}

export const unitOption = (flags: string, meaning: string): Option =>
  new Option(flags, meaning).choices(offsetUnits);

/** Where an ending says it all. */
const formatByEnding: Readonly<Record<string, string>> = {
  '.conllu': 'conllu',
  '.jsonl': 'jsonl',
  '.ann': 'brat',
};

export const formatOfEnding = (path: string): string | undefined =>
  formatByEnding[extname(path).toLowerCase()];

/** The format of a file as its name and the columns say. Throws E_USAGE where they do not; `option` is what would. */
export function formatOf(path: string, { columns }: FileOptions, option: string): string {
  const format = columns ? 'conll' : formatOfEnding(path);
  if (format !== undefined) return format;
  throw new TaggerError('E_USAGE', {
    message: 'the format of the file is not known',
    place: { file: path },
    expected: `${option} with one of ${formatNames.join(', ')}`,
    hint: `${option} conll --columns word,_,_,ner`,
  });
}

/** The description of a file, of a corpus's keys and these options. Throws E_USAGE that names the options; `prefix` is what all begin with. */
export function checkFileOptions(value: object, prefix = ''): CorpusDescription {
  const checked = check(corpusSchema, { value, place: (keys) => ({ file: `--${prefix}${keys[0]}` }) });
  if (checked.value === undefined) throw new TaggerError('E_USAGE', checked.problems);
  return checked.value;
}
