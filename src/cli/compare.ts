import { basename, extname } from 'node:path';
import { type Command, Option } from 'commander';
import { readPredictions } from '../corpus/predictions.js';
import type { TaggedColumn } from '../evaluation/index.js';
import { compare as compareAll, type Field } from '../pipeline/comparison/compare.js';
import {
  type CompetitorOptions,
  competitorSchema,
  fitting,
  refuseUnfit,
} from '../pipeline/comparison/competitors.js';
import { type Entrant, entrantsOf } from '../pipeline/comparison/entrants.js';
import { type OpenField, openField } from '../pipeline/comparison/field.js';
import { modelEntrants } from '../pipeline/comparison/model-entrants.js';
import { threadsOf } from '../pipeline/hands.js';
import { makeReportFolder } from '../report/index.js';
import { documentMakerOf } from '../text/options.js';
import { comparing, publish } from './comparison.js';
import { append, appendOneOf, count } from './options.js';
import { printJson, warn } from './output.js';
import {
  addPredictionsReading,
  describePredictions,
  type PredictionsOptions,
  refuseIdleReading,
} from './predictions.js';

interface CompareOptions extends Omit<PredictionsOptions, 'predictions'> {
  readonly baseline?: readonly string[];
  readonly predictions?: readonly string[];
  readonly on: 'dev' | 'test';
  readonly base?: string;
  readonly output: string;
  readonly workers?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const ALL = 'all';
const baselineNames = [...fitting('none'), ALL];

export function define(command: Command): void {
  command
    .argument('<models...>', 'models of one corpus; the first is what all others are compared with')
    .option(
      '--baseline <name>',
      `also train a baseline on the same corpus: ${baselineNames.join(', ')}; repeatable`,
      appendOneOf(baselineNames),
    )
    .option('--predictions <file>', "also another system's tags of the same words; repeatable", append);
  addPredictionsReading(command)
    .addOption(new Option('--on <split>', 'the split').choices(['dev', 'test']).default('test'))
    .option('--base <folder>', 'what paths of the corpus are relative to (default: the working directory)')
    .option('-o, --output <folder>', 'where the report goes', 'report')
    .option('--workers <count>', 'threads for training baselines (default: one a core)', count)
    .option('--json', 'print the comparison as one JSON object')
    .option('--quiet', 'show no progress')
    .action(compare);
}

async function compare(models: [string, ...string[]], options: CompareOptions): Promise<void> {
  const { on, base, output, json, quiet, predictions = [] } = options;
  if (predictions.length === 0) refuseIdleReading(options);
  const opened = await openField(models, { on, base, places: predictions.length > 0 });
  warn(opened.warnings);
  const competitors = competitorsOf(options.baseline, opened.field);
  const entrants: Entrant[] = [
    ...modelEntrants(models, opened.descriptions),
    ...entrantsOf(competitors, {
      pipeline: opened.pipeline,
      base,
      workers: threadsOf(options.workers ?? 'auto'),
    }),
  ];
  for (const file of predictions) {
    const name = basename(file, extname(file));
    const system = { predictions: await predictionsIn(file, opened, options) };
    entrants.push({ name, description: `predictions of ${file}`, system });
  }
  await makeReportFolder(output);
  const message = 'stopping; Ctrl-C again ends at once';
  const comparison = await comparing((signal) => compareAll(entrants, opened.field, signal), {
    message,
    quiet,
  });
  if (json) printJson(comparison);
  await publish(comparison, output, json);
}

function competitorsOf(names: readonly string[] = [], { scheme }: Field): CompetitorOptions[] {
  const kinds = names.includes(ALL) ? fitting(scheme) : names;
  const competitors = kinds.map((kind) => competitorSchema.parse({ kind }));
  refuseUnfit(competitors, scheme);
  return competitors;
}

/** Read as the files of the corpus are where nothing says otherwise, text cut as the first model cuts it. */
async function predictionsIn(
  file: string,
  { field, description, pipeline }: OpenField,
  shown: Omit<PredictionsOptions, 'predictions'>,
): Promise<TaggedColumn> {
  const { split, corpus, scheme } = field;
  const place = `${corpus.split} of ${corpus.name}`;
  const gold = {
    file: place,
    words: split.sentences.map(({ tokens }) => tokens),
    locate: split.locate ?? (() => ({ file: place })),
    // Sentences of some formats are found, and others may find others.
    hasSentences: false,
  };
  const annotated = {
    path: [description.files?.train ?? ''].flat()[0] ?? '',
    description,
    label: corpus.label,
  };
  const other = describePredictions(file, annotated, shown);
  const make = documentMakerOf(pipeline.tokenizer);
  const reading = { label: other.label, ofSpans: scheme !== 'none', make };
  const { warnings, ...tagged } = await readPredictions(file, other, gold, reading);
  warn(warnings);
  return tagged;
}
