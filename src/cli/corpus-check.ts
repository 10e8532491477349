import { dirname, extname } from 'node:path';
import type { Command } from 'commander';
import { TaggerError } from '../core/errors.js';
import { checkCorpus } from '../corpus/check/index.js';
import type { Splits } from '../corpus/check/splits.js';
import { type MisalignedEntity, refusalWarnings } from '../corpus/misaligned.js';
import { readCorpusFile } from '../corpus/read.js';
import { loadPipeline } from '../pipeline/config.js';
import { openCorpus } from '../pipeline/corpus.js';
import { findPipeline } from '../pipeline/find.js';
import type { Scheme } from '../text/schemes.js';
import { formatCorpusCheck } from './corpus-report.js';
import { addFileOptions, checkFileOptions, type FileOptions, formatOf } from './file-options.js';
import { append } from './options.js';
import { printJson, printText } from './output.js';

interface CheckOptions extends FileOptions {
  readonly set?: readonly string[];
  readonly json?: boolean;
}

/** A corpus that was read: all splits of a pipeline, or a file as `train`. */
interface Opened {
  readonly name: string;
  readonly label: string;
  readonly scheme: Scheme;
  readonly notation: string;
  readonly splits: Splits;
  readonly misaligned: readonly MisalignedEntity[];
  readonly warnings: readonly string[];
}

export function define(command: Command): void {
  command
    .argument('<corpus>', 'a pipeline, looked for as by train, or an annotated file')
    .option('--set <key=value>', 'change a key of the pipeline: corpus.label=pos; repeatable', append);
  addFileOptions(command, 'the column with the labels')
    .option('--json', 'print all of it as one JSON object')
    .action(checkCommand);
}

async function checkCommand(reference: string, { json, set, ...given }: CheckOptions): Promise<void> {
  const isFile = isCorpusFile(reference, given);
  if (isFile && set) {
    const message = 'the keys of a pipeline were given with a file that is none';
    throw new TaggerError('E_USAGE', { message, place: { file: '--set' }, found: reference });
  }
  const opened = isFile ? await openFile(reference, given) : await openPipeline(reference, set);
  const { name, label, scheme, notation, splits, misaligned } = opened;
  const { warnings, ...findings } = checkCorpus(splits, scheme);
  const report = {
    corpus: name,
    column: label,
    notation,
    ...findings,
    misaligned,
    warnings: [...opened.warnings, ...refusalWarnings(misaligned), ...warnings],
  };
  if (json) printJson(report);
  else printText(formatCorpusCheck(report));
}

/** A pipeline's name may lack its ending; a corpus file has another one, or options that say how it is read. */
function isCorpusFile(reference: string, given: FileOptions): boolean {
  const isYaml = /\.ya?ml$/i.test(reference);
  const [option] = Object.keys(given);
  if (option !== undefined && isYaml) {
    throw new TaggerError('E_USAGE', {
      message: 'a pipeline says itself how its files are read',
      place: { file: `--${option}` },
      found: reference,
      hint: `--set corpus.${option}=…`,
    });
  }
  return option !== undefined || (extname(reference) !== '' && !isYaml);
}

async function openPipeline(reference: string, set?: readonly string[]): Promise<Opened> {
  const pipeline = await loadPipeline(reference, { set });
  const base = dirname(await findPipeline(reference, process.cwd()));
  return (await openCorpus(pipeline, base, { places: true, listsMisaligned: true })).corpus;
}

async function openFile(path: string, given: FileOptions): Promise<Opened> {
  const format = given.format ?? formatOf(path, given, '--format');
  const description = checkFileOptions({ ...given, format, files: { train: path, dev: path } });
  const options = { ...description, places: true, listsMisaligned: true };
  const { file, split, label, notation, warnings } = await readCorpusFile(path, description, options);
  const { scheme, name } = notation;
  const { misaligned = [] } = file;
  return { name: path, label, scheme, notation: name, splits: { train: split }, misaligned, warnings };
}
