/** The file of another system's predictions: the options that say how it is read. */
import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { TaggerError } from '../core/errors.js';
import type { CorpusDescription } from '../corpus/description.js';
import { openFormat } from '../corpus/index.js';
import { checkFileOptions, formatNames, formatOfEnding } from './file-options.js';
import { list } from './options.js';

export interface PredictionsOptions {
  readonly predictions?: string;
  readonly predictionsFormat?: string;
  readonly predictionsColumns?: readonly string[];
}

export function addPredictionsOptions(command: Command): Command {
  return addPredictionsReading(
    command.option('--predictions <file>', "score another system's tags of the same words"),
  );
}

/** How files of predictions are read. */
export function addPredictionsReading(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--predictions-format <name>',
        'its format (default: as its ending says, else as the annotated file)',
      ).choices(formatNames),
    )
    .option('--predictions-columns <names>', 'its columns in order: word,ner', list);
}

/** Throws E_USAGE where there is no file that these options are for. */
export function refuseIdleReading({
  predictionsFormat,
  predictionsColumns,
}: Omit<PredictionsOptions, 'predictions'>): void {
  const idle = predictionsFormat ? '--predictions-format' : predictionsColumns && '--predictions-columns';
  if (!idle) return;
  throw new TaggerError('E_USAGE', {
    message: 'there are no predictions that it could be for',
    place: { file: idle },
    expected: '--predictions with a file',
  });
}

interface AnnotatedFile {
  readonly path: string;
  readonly description: CorpusDescription;
  /** The column with the labels. */
  readonly label: string;
}

/** Read like the annotated file where nothing says otherwise. Throws E_USAGE that names the options. */
export function describePredictions(
  path: string,
  gold: AnnotatedFile,
  { predictionsFormat, predictionsColumns }: PredictionsOptions,
): CorpusDescription {
  const format = predictionsFormat ?? (predictionsColumns ? 'conll' : guessedFormat(path, gold));
  const base = format === gold.description.format ? gold.description : { files: { train: path, dev: path } };
  const columns = predictionsColumns && { columns: predictionsColumns };
  const description = checkFileOptions({ ...base, ...columns, format, label: undefined }, 'predictions-');
  // Formats of fixed columns have their own name for it.
  const { cells } = openFormat(description);
  return { ...description, label: cells.includes(gold.label) ? gold.label : undefined };
}

function guessedFormat(path: string, gold: AnnotatedFile): string {
  const isAlike = extname(path) === extname(gold.path);
  return (isAlike ? undefined : formatOfEnding(path)) ?? gold.description.format;
}
