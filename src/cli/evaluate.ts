import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { TaggerError } from '../core/errors.js';
import type { CorpusDescription } from '../corpus/description.js';
import { readPredictions } from '../corpus/predictions.js';
import { type LabelledFile, readCorpusFile } from '../corpus/read.js';
import {
  type SystemScores,
  scoreSystem,
  sentenceCounts,
  significance,
  type TestSet,
  testSetOf,
} from '../evaluation/index.js';
import { CONFIG_FILE } from '../tagger/files.js';
import { goldDocuments } from '../tagger/gold.js';
import { Tagger } from '../tagger/index.js';
import { ownScheme, type Scheme } from '../text/schemes.js';
import { formatEvaluation, jsonOf } from './evaluation-report.js';
import { addFileOptions, checkFileOptions, type FileOptions, formatOf } from './file-options.js';
import { printJson, printText, warn } from './output.js';
import {
  addPredictionsOptions,
  describePredictions,
  type PredictionsOptions,
  refuseIdleReading,
} from './predictions.js';

interface EvaluateOptions extends FileOptions, PredictionsOptions {
  readonly calibration?: boolean;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .usage('[options] <model> <file>\n       tagger evaluate --predictions <file> [options] <file>')
    .argument('<model>', 'the folder of a model; may be left out where there are predictions')
    .argument('[file]', 'an annotated file; read like the corpus that the model was trained on');
  addPredictionsOptions(addFileOptions(command, 'the column to compare with'))
    .option('--calibration', 'also print how far the scores of predictions can be trusted')
    .option('--json', 'print the scores as one JSON object')
    .action((first: string, second: string | undefined, options: EvaluateOptions) =>
      second === undefined ? evaluate(undefined, first, options) : evaluate(first, second, options),
    );
}

async function evaluate(model: string | undefined, path: string, options: EvaluateOptions): Promise<void> {
  const { json, calibration, predictions, predictionsFormat, predictionsColumns, ...given } = options;
  if (predictions === undefined) refuseIdleReading(options);
  if (model === undefined) refuseWithoutModel(path, options);
  const tagger = model === undefined ? undefined : await Tagger.load(model);
  const description = tagger ? describeFile(path, tagger, given) : describeAlone(path, given);
  const make = tagger && ((text: string) => tagger.cut(text));
  const places = predictions !== undefined;
  const gold = await readCorpusFile(path, description, { ...description, make, places });
  warn(gold.warnings);
  if (tagger) refuseOtherTask(path, gold.label, tagger.scheme, gold.notation.scheme);
  const test = testSetOf(gold.split.sentences, ownScheme(gold.notation.scheme), tagger?.isKnown);

  const own = tagger && scoreTagger(test, tagger, gold);
  const other = predictions === undefined ? undefined : await scorePredictions(predictions);
  const report = {
    model: own && { ...own.scores, calibration: calibration ? tagger?.calibration(gold.split) : undefined },
    predictions: other?.scores,
    significance: own && other && significance(countsOf(own), countsOf(other)),
  };
  if (json) printJson(jsonOf(report));
  else printText(formatEvaluation(report, { model, predictions }));

  async function scorePredictions(file: string): Promise<SystemScores> {
    const shown = { predictionsFormat, predictionsColumns };
    const other = describePredictions(file, { path, description, label: gold.label }, shown);
    const { words } = test;
    const locate = gold.split.locate ?? (() => ({ file: path }));
    const annotated = { file: path, words, locate, hasSentences: gold.file.gaps !== undefined };
    const reading = { label: other.label, ofSpans: test.scheme !== 'none', make };
    const { warnings, ...predicted } = await readPredictions(file, other, annotated, reading);
    warn(warnings);
    return scoreSystem(test, predicted);
  }
}

const countsOf = ({ sentences }: SystemScores) => sentenceCounts(sentences);

function scoreTagger(test: TestSet, tagger: Tagger, { split }: LabelledFile): SystemScores {
  return scoreSystem(test, { tags: tagger.tagDocuments(goldDocuments(split)), scheme: tagger.scheme });
}

function refuseWithoutModel(path: string, { predictions, calibration }: EvaluateOptions): void {
  const expected = 'a model and an annotated file';
  if (predictions === undefined) {
    const message = 'there is nothing to score: no model, or no annotated file';
    const hint = 'tagger evaluate MODEL FILE, or tagger evaluate FILE --predictions FILE';
    throw new TaggerError('E_USAGE', { message, expected, hint });
  }
  if (existsSync(join(path, CONFIG_FILE))) {
    const message = 'this is a model, and there is no annotated file';
    const hint = `tagger evaluate ${path} FILE --predictions ${predictions}`;
    throw new TaggerError('E_USAGE', { message, place: { file: path }, expected, hint });
  }
  if (!calibration) return;
  const message = 'predictions in a file have no scores that could be trusted';
  throw new TaggerError('E_USAGE', { message, place: { file: '--calibration' }, expected });
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

function describeAlone(path: string, given: FileOptions): CorpusDescription {
  const format = given.format ?? formatOf(path, given, '--format');
  return checkFileOptions({ ...given, format, files: { train: path, dev: path } });
}
