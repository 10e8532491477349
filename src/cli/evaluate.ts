import type { Command } from 'commander';
import { TaggerError } from '../core/errors.js';
import type { CorpusDescription } from '../corpus/description.js';
import { readCorpusFile } from '../corpus/read.js';
import { formatScores } from '../evaluation/index.js';
import { Tagger } from '../tagger/index.js';
import type { Scheme } from '../text/schemes.js';
import { formatCalibration } from './calibration.js';
import { addFileOptions, checkFileOptions, type FileOptions } from './file-options.js';
import { printJson, printText } from './output.js';

interface EvaluateOptions extends FileOptions {
  readonly calibration?: boolean;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<model>', 'the folder of a model')
    .argument('<file>', 'an annotated file; read like the corpus that the model was trained on');
  addFileOptions(command, 'the column to compare with')
    .option('--calibration', 'also print how far the scores of predictions can be trusted')
    .option('--json', 'print the scores as one JSON object')
    .action(evaluate);
}

async function evaluate(
  model: string,
  path: string,
  { json, calibration: isCalibrated, ...given }: EvaluateOptions,
): Promise<void> {
  const tagger = await Tagger.load(model);
  const description = describeFile(path, tagger, given);
  const options = { ...description, make: (text: string) => tagger.cut(text) };
  const { split, label, notation, warnings } = await readCorpusFile(path, description, options);
  for (const text of warnings) console.error(`warning: ${text}`);
  refuseOtherTask(path, label, tagger.scheme, notation.scheme);
  const scores = tagger.evaluate(split);
  const calibration = isCalibrated ? tagger.calibration(split) : undefined;
  if (json) printJson({ ...scores, calibration });
  else printText(formatScores(scores) + (calibration ? `\n${formatCalibration(calibration)}` : ''));
}

/** Spans cannot be compared with labels of single tokens: the scores would look like those of a bad model. */
function refuseOtherTask(file: string, label: string, model: Scheme, found: Scheme): void {
  if ((model === 'none') === (found === 'none')) return;
  const [expected, other] = ['tags of spans', 'labels of single tokens'];
  throw new TaggerError('E_CORPUS_FORMAT', {
    message:
      model === 'none' ? `column ${label} is read as ${expected}` : `column ${label} holds no ${expected}`,
    place: { file },
    expected:
      model === 'none'
        ? `${other}, which the model gives`
        : `${expected} such as B-PER, which the model gives`,
    hint: model === 'none' ? 'without --scheme' : 'another column with --label',
  });
}

/** The description of the model's corpus with the given options laid over it; another format starts afresh. */
function describeFile(path: string, tagger: Tagger, given: FileOptions): CorpusDescription {
  const isOther = given.format !== undefined && given.format !== tagger.corpus.format;
  const base = isOther ? { files: { train: path, dev: path } } : { ...tagger.corpus, label: tagger.label };
  const scheme = tagger.scheme === 'none' ? 'none' : 'auto';
  return checkFileOptions({ ...base, scheme, ...given });
}
