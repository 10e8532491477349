import { type Command, Option } from 'commander';
import { type AnnotateFilesOptions, annotateFiles } from '../annotation/index.js';
import { shardOf } from '../annotation/shard.js';
import { type SourceFormat, sourceKinds } from '../annotation/sources/index.js';
import { drain } from '../core/relay.js';
import { outputs } from '../export/index.js';
import { type Monitor, Tagger } from '../tagger/index.js';
import { type OffsetUnit, offsetUnits } from '../text/offsets.js';
import { annotationProgress } from './annotation-progress.js';
import { reportDrift } from './drift.js';
import { interruptedExit, interruptible } from './interrupt.js';
import { count, list, name, probability, wholeNumber } from './options.js';

interface AnnotateOptions
  extends Pick<
    AnnotateFilesOptions,
    | 'to'
    | 'output'
    | 'scores'
    | 'minScore'
    | 'nbest'
    | 'errors'
    | 'maxErrors'
    | 'checkpoint'
    | 'workers'
    | 'resume'
    | 'force'
  > {
  readonly from?: SourceFormat;
  readonly textField?: string;
  readonly idField?: string;
  readonly columns?: string[];
  readonly quotes: boolean;
  readonly offsets?: OffsetUnit;
  readonly inputOffsets?: OffsetUnit;
  readonly tags?: 'bio' | 'bioes' | 'iob1';
  readonly unordered?: boolean;
  readonly shard?: string;
  readonly quiet?: boolean;
  readonly monitor?: boolean;
  readonly monitorFile?: string;
}

export function define(command: Command): void {
  command
    .argument('<model>', 'the folder of a model')
    .argument(
      '[inputs...]',
      'files, folders, patterns (texts/**/*.txt), or - for stdin, which is the default',
    )
    .addOption(
      new Option(
        '--from <format>',
        'how the inputs are read (default: as their endings say, else text)',
      ).choices(Object.keys(sourceKinds)),
    )
    .addOption(
      new Option(
        '--to <format>',
        'how the output is written (default: as its ending says, else jsonl)',
      ).choices(Object.keys(outputs)),
    )
    .option(
      '-o, --output <path>',
      'a file, a folder for a file a document, or - for stdout, which is the default',
      name,
    )
    .option('--text-field <name>', 'the field or column that holds the text (default: text)', name)
    .option('--id-field <name>', 'the field or column that holds the id (default: id)', name)
    .option('--columns <names>', 'the columns of conll input in order: word,_,_ (default: word)', list)
    .option('--no-quotes', 'take " in CSV and TSV for a plain character')
    .addOption(
      new Option(
        '--offsets <unit>',
        'what offsets of the output count (default: what its readers count)',
      ).choices(offsetUnits),
    )
    .addOption(
      new Option('--input-offsets <unit>', 'what the offsets of given tokens count (default: utf16)').choices(
        offsetUnits,
      ),
    )
    .addOption(
      new Option('--tags <scheme>', 'how columns write spans (default: bio)').choices([
        'bio',
        'bioes',
        'iob1',
      ]),
    )
    .option('--scores', 'give every token and entity its exact probability')
    .option('--min-score <probability>', 'as --scores, without the entities below it', probability)
    .option('--nbest <count>', 'the most probable tag sequences of every sentence', count)
    .option('--workers <count>', 'threads (default: one a core); the output is the same', count)
    .option('--unordered', 'write documents as they are done, not in the order of the input')
    .option('--shard <part>', 'every n-th document: 2/8, or auto or auto/8 in a cluster')
    .option('--errors <file>', 'where documents go that fail, a JSON line each', name)
    .option('--max-errors <count>', 'end the run when more documents fail (default: no limit)', wholeNumber)
    .option(
      '--checkpoint <seconds>',
      'how often the work is made safe for --resume, 0 for always (default: 2)',
      wholeNumber,
    )
    .option('--resume', 'go on with an output that an interrupted run has begun')
    .option(
      '--force',
      'discard what an interrupted run has begun; with --resume: even if options have changed',
    )
    .option('--monitor', 'tell at the end how far the documents are from the training set')
    .option('--monitor-file <file>', 'where that is written as JSON', name)
    .option('--quiet', 'show no progress')
    .action(annotate);
}

async function annotate(model: string, inputs: readonly string[], options: AnnotateOptions): Promise<void> {
  const {
    from,
    textField,
    idField,
    columns,
    quotes,
    inputOffsets,
    offsets,
    tags,
    unordered,
    quiet,
    monitor: isMonitored,
    monitorFile,
    ...others
  } = options;
  const shard = options.shard === undefined ? undefined : shardOf(options.shard, process.env);
  const tagger = await Tagger.load(model);
  const source = { from, textField, idField, columns, quotes, offsets: inputOffsets };
  const message = 'stopping after the documents in work; Ctrl-C again ends at once';
  const progress = annotationProgress({ isQuiet: quiet });
  let monitor: Monitor | undefined;
  const result = await interruptible(message, (signal) => {
    if (isMonitored || monitorFile !== undefined) monitor = tagger.monitor();
    const run = annotateFiles(tagger, inputs.length > 0 ? inputs : ['-'], {
      ...others,
      source,
      writing: { unit: offsets, tags },
      ordered: !unordered,
      shard,
      signal,
      stdin: process.stdin,
      stdout: process.stdout,
    });
    return drain(run, progress.show);
  }).finally(async () => {
    // A run that ends early leaves its input open, and the process would wait for the sender, who may wait for it.
    process.stdin.destroy();
    await tagger.close();
  });
  progress.end(result, options.output);
  if (monitor) await reportDrift(monitor.report(), result, { isShown: isMonitored, file: monitorFile });
  if (result.counts.failed > 0) process.exitCode = 1;
  if (result.interrupted) process.exitCode = interruptedExit();
}
