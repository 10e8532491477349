/** A pipeline from its corpus to a trained, evaluated and saved model, stage by stage; it yields records and prints nothing. */
import { join } from 'node:path';
import { type Engine, engine as sharedEngine } from '../core/engine.js';
import { Random } from '../core/random.js';
import type { Corpus, Split } from '../corpus/load.js';
import { describeEncoder } from '../encoders/index.js';
import type { Scores } from '../evaluation/index.js';
import { type Model, networkOf, saveModel } from '../tagger/model.js';
import { type ModelConfig, SCHEMA_VERSION } from '../tagger/model-config.js';
import { MONITOR_FILE, measureBaseline, writeBaseline } from '../tagger/monitor/baseline.js';
import { embeddingKind } from '../tagger/stack.js';
import { Tagger } from '../tagger/tagger.js';
import { checkTarget } from '../tagger/target.js';
import { documentMakerOf } from '../text/options.js';
import { ownScheme, type Scheme } from '../text/schemes.js';
import type { TrainingResult } from '../training/loop.js';
import type { MemoryUse } from '../training/workplace.js';
import { CheckpointStore, fingerprintOf, refuseForgotten } from './checkpoints.js';
import { checkBaselines } from './comparison/entrants.js';
import type { Pipeline } from './config.js';
import { checkContext, documentsFor, windowOf } from './context.js';
import { openCorpus } from './corpus.js';
import { type Hands, hire, workersOf } from './hands.js';
import { modelCard } from './model-card.js';
import type { RunRecord, RunResult } from './records.js';
import { standingOf } from './standing.js';
import { type Trained, type TrainStageOptions, trainStage } from './train-stage.js';
import { version } from './version.js';

export interface RunOptions {
  /** Where the model goes; `models/NAME` by default. */
  readonly output?: string;
  /** The folder that paths in the pipeline are relative to, before the working directory: that of its file. */
  readonly base?: string;
  /** Stops the training at the next step; the best model so far is saved. */
  readonly signal?: AbortSignal;
  readonly engine?: Engine;
  /** Threads, instead of the pipeline's `training.workers`. */
  readonly workers?: number;
  /** Go on from the checkpoint of an interrupted run. Throws E_RESUME when config or corpus have changed since. */
  readonly resume?: boolean;
  /** Go on all the same; without `resume`, discard the checkpoints of an interrupted run. */
  readonly force?: boolean;
  /** Stop after so many epochs in all, to be taken up again with `resume`. */
  readonly stopAfter?: number;
  /** Score on dev alone, as a search must. */
  readonly skipTest?: boolean;
}

/**
 * Runs a pipeline. Throws what its stages throw (E_CORPUS_…, E_VECTORS, E_TRAINING, …) and then leaves no model behind.
 *
 * @example
 * const run = runPipeline(await loadPipeline('conll.yaml'));
 * for (let next = await run.next(); !next.done; next = await run.next()) console.error(next.value);
 */
export async function* runPipeline(
  pipeline: Pipeline,
  options: RunOptions = {},
): AsyncGenerator<RunRecord, RunResult> {
  const directory = options.output ?? join('models', pipeline.name);
  await checkTarget(directory);
  if (!options.resume && !options.force) await refuseForgotten(directory);
  const hands = await hire(workersOf(pipeline, options.workers));
  try {
    return yield* runStages(pipeline, directory, options, hands);
  } finally {
    await hands?.dismiss();
  }
}

async function* runStages(
  pipeline: Pipeline,
  directory: string,
  options: RunOptions,
  crew: Hands | undefined,
): AsyncGenerator<RunRecord, RunResult> {
  const { description, corpus } = await openCorpus(pipeline, options.base);
  checkBaselines(pipeline, corpus.scheme);
  for (const text of corpus.warnings) yield { kind: 'warning', text };
  yield stage(1, corpusLine(corpus));
  for (const text of checkContext(pipeline, corpus)) yield { kind: 'warning', text };
  yield stage(2, `${pipeline.tokenizer.kind}, sentences ${pipeline.tokenizer.sentences.kind}`);

  const warnings: string[] = [];
  const vocabularies = await learnVocabularies(pipeline, corpus, options.base, (text) => warnings.push(text));
  for (const text of warnings) yield { kind: 'warning', text };
  const embeddings = pipeline.embeddings.map((each, i) =>
    embeddingKind(each).describe(each, vocabularies[i]),
  );
  yield stage(3, embeddings.join(', '));

  const config: ModelConfig = {
    schema: SCHEMA_VERSION,
    tagger: version(),
    label: corpus.label,
    scheme: ownScheme(corpus.scheme),
    tags: tagsOf(corpus.splits.train, corpus.scheme),
    longest: longestOf(corpus.splits.train),
    window: windowOf(pipeline, corpus.splits.train),
    pipeline,
    corpus: description,
    files: {},
  };
  const network = networkOf(config, vocabularies, options.engine ?? sharedEngine());
  const model: Model = { config, vocabularies, network };
  let tagger: Tagger | undefined;
  try {
    network.params.initialize(new Random(pipeline.seed));
    tagger = new Tagger(model);
    const fingerprint = () => fingerprintOf(pipeline, corpus, model);
    const { resume = false, force = false } = options;
    const store = new CheckpointStore(directory, { resume, force }, fingerprint);
    const stages = { crew, store, signal: options.signal, budget: options.stopAfter };
    const result = yield* trainAndScore(pipeline, corpus, tagger, model, stages, options.skipTest);
    const { dev, test, epochs, bestEpoch, seconds, tokensPerSecond, history, reason } = result;
    const majority = await standingOf(corpus, options.skipTest);
    const summary = { dev, test, majority, epochs, bestEpoch, seconds, tokensPerSecond };
    const { train, dev: devSplit } = corpus.splits;
    const baseline = measureBaseline(tagger, documentsFor(config, train), documentsFor(config, devSplit));
    const others = new Map([
      ['metrics.json', `${JSON.stringify(summary, null, 2)}\n`],
      ['history.jsonl', history.map((record) => `${JSON.stringify(record)}\n`).join('')],
      ['README.md', modelCard(config, summary)],
      [MONITOR_FILE, writeBaseline(baseline)],
    ]);
    const hash = await saveModel(directory, model, others);
    const isOver = reason === 'epochs' || reason === 'patience';
    if (isOver) yield* store.remove();
    return { model: directory, hash, ...summary, interrupted: reason === 'interrupted' };
  } finally {
    if (tagger) tagger.close();
    else network.release();
  }
}

/** The stages 4 to 7: a network that is ready becomes the best one that training finds, and is scored. */
async function* trainAndScore(
  pipeline: Pipeline,
  corpus: Corpus,
  tagger: Tagger,
  model: Model,
  options: TrainStageOptions,
  skipTest = false,
): AsyncGenerator<RunRecord, TrainingResult & Pick<Trained, 'history' | 'dev'> & { test?: Scores }> {
  yield stage(4, describeEncoder(pipeline.encoder));
  yield stage(5, `${pipeline.decoder.kind}, ${model.config.tags.length} tags`);
  yield stage(6, trainingLine(pipeline, options.crew?.members ?? 1));
  const { result, history, dev } = yield* trainStage(pipeline, corpus, tagger, model, options);
  yield { kind: 'memory', text: memoryText(result.memory) };

  const split = skipTest ? undefined : corpus.splits.test;
  const test = split && tagger.evaluate(split);
  const { bestEpoch, epochs } = result;
  yield stage(7, `best epoch ${bestEpoch} of ${epochs}, scored on dev${test ? ' and test' : ''}`);
  return { ...result, history, dev, test };
}

const stageNames = ['corpus', 'tokenizer', 'embeddings', 'encoder', 'decoder', 'training', 'evaluation'];

function stage(index: number, text: string): RunRecord {
  return { kind: 'stage', index, name: stageNames[index - 1], text };
}

function trainingLine({ training }: Pipeline, members: number): string {
  const { optimizer, schedule, average, batch, epochs, clip, shards } = training;
  const workers = members === 1 ? '1 worker' : `${members} workers`;
  const averaged = average.kind === 'none' ? '' : `, ${average.kind} of the weights`;
  return `${optimizer.kind} ${optimizer.rate}, ${schedule.kind}${averaged}, batch ${batch} in ${shards} shards, clip ${clip}, at most ${epochs} epochs, ${workers}`;
}

function memoryText({ parameters, optimizer, average, gradients, arenas }: MemoryUse): string {
  const size = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const own = arenas.map(size).join(' + ');
  const averaged = average > 0 ? `, average ${size(average)}` : '';
  return `memory: parameters ${size(parameters)}, optimizer ${size(optimizer)}${averaged}, gradients ${size(gradients)}, workers ${own}`;
}

function corpusLine({ name, label, scheme, notation, splits }: Corpus): string {
  const sizes = [splits.train, splits.dev, splits.test].map((split) => split?.sentences.length ?? 0);
  const schemes =
    scheme === 'none' ? 'labels of tokens' : `${notation}${scheme === 'bioes' ? '' : ' → BIOES'}`;
  return `${name}: ${sizes.join(' / ')} sentences for train / dev / test; ${label} in ${schemes}`;
}

function learnVocabularies(
  pipeline: Pipeline,
  corpus: Corpus,
  base: string | undefined,
  warn: (text: string) => void,
): Promise<unknown[]> {
  const { sentences } = corpus.splits.train;
  const counts = countOf(sentences.map(({ tokens }) => tokens));
  const columns = {
    names: Object.keys(sentences[0]?.columns ?? {}),
    label: corpus.label,
    count: (name: string) => countOf(sentences.map(({ columns }) => columns?.[name] ?? [])),
  };
  const make = documentMakerOf(pipeline.tokenizer);
  const cut = (text: string) => make(text).sentences.flatMap(({ tokens }) => tokens.map(({ text }) => text));
  return Promise.all(
    pipeline.embeddings.map((options, i) => {
      const place = { key: `embeddings[${i}]` };
      return embeddingKind(options).learn(options, { counts, columns, cut, base, place, warn });
    }),
  );
}

function countOf(lists: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of lists) for (const text of list) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** The tags of the training split, in order; of spans always `O`, without which some sentences could have no tags. */
function tagsOf(split: Split, scheme: Scheme): string[] {
  const outside = scheme === 'none' ? [] : ['O'];
  return [...new Set([...outside, ...split.sentences.flatMap(({ tags }) => tags)])].sort();
}

const longestOf = ({ sentences }: Split): number =>
  sentences.reduce((most, { tokens }) => Math.max(most, tokens.length), 1);
