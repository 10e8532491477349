/** The options that say how a single annotated file is read. */
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
  return command
    .addOption(new Option('--format <name>', 'the format of the file').choices(Object.keys(formats)))
    .option('--columns <names>', 'the columns of the file in order: word,_,_,ner', (names) =>
      names.split(','),
    )
    .option('--separator <text>', 'what separates columns: whitespace, tab, space, or the text itself')
    .option('--label <column>', label)
    .option('--scheme <name>', 'how its tags are written (default: as the file shows)')
    .addOption(alignOption())
    .addOption(
      new Option(
        '--offsets <unit>',
        "what offsets count (default: what the format's own tools count)",
      ).choices(offsetUnits),
    );
}

export function alignOption(): Option {
  const meaning = 'what becomes of entities that begin or end inside a token (default: error)';
  return new Option('--align <policy>', meaning).choices(alignPolicies);
}

/** The description of a file, of a corpus's keys and these options. Throws E_USAGE that names the options. */
export function checkFileOptions(value: object): CorpusDescription {
  const checked = check(corpusSchema, { value, place: (keys) => ({ file: `--${keys[0]}` }) });
  if (checked.value === undefined) throw new TaggerError('E_USAGE', checked.problems);
  return checked.value;
}
