/** A pipeline from its corpus to a trained, evaluated and saved model, stage by stage; it yields records and prints nothing. */
import { join, resolve } from 'node:path';
import { type Engine, engine as sharedEngine } from '../core/engine.js';
import { TaggerError } from '../core/errors.js';
import { Random } from '../core/random.js';
import { type Corpus, loadCorpus, type Split } from '../corpus/load.js';
import type { Scores } from '../evaluation/index.js';
import { type Model, networkOf, saveModel } from '../tagger/model.js';
import { type ModelConfig, SCHEMA_VERSION } from '../tagger/model-config.js';
import { embeddingKind, encoderKind } from '../tagger/network.js';
import { Tagger } from '../tagger/tagger.js';
import { checkTarget } from '../tagger/target.js';
import type { Scheme } from '../text/schemes.js';
import { type EncodedSentence, type TrainingResult, train } from '../training/loop.js';
import type { Pipeline } from './config.js';
import { describeCorpus } from './corpus.js';
import { modelCard } from './model-card.js';
import type { EpochRecord, RunRecord, RunResult } from './records.js';
import { version } from './version.js';

export interface RunOptions {
  /** Where the model goes; `models/NAME` by default. */
  readonly output?: string;
  /** The folder that paths in the pipeline are relative to, before the working directory: that of its file. */
  readonly base?: string;
  /** Stops the training at the next step; the best model so far is saved. */
  readonly signal?: AbortSignal;
  readonly engine?: Engine;
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
  const description = await describeCorpus(pipeline.corpus);
  const inline = 'format' in pipeline.corpus;
  const folders = inline ? [options.base ?? '.', '.'].map((folder) => resolve(folder)) : undefined;
  const corpus = await loadCorpus(description, { ...pipeline.corpus, folders });
  for (const text of corpus.warnings) yield { kind: 'warning', text };
  yield stage(1, corpusLine(corpus));
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
    scheme: corpus.scheme === 'none' ? 'none' : 'bioes',
    tags: tagsOf(corpus.splits.train, corpus.scheme),
    pipeline,
    corpus: description,
    files: {},
  };
  const network = networkOf(config, vocabularies, options.engine ?? sharedEngine());
  network.params.initialize(new Random(pipeline.seed));
  const model: Model = { config, vocabularies, network };
  const tagger = new Tagger(model);
  try {
    const result = yield* trainAndScore(pipeline, corpus, tagger, model, options.signal);
    const { dev, test, epochs, bestEpoch, seconds, tokensPerSecond, history, interrupted } = result;
    const summary = { dev, test, epochs, bestEpoch, seconds, tokensPerSecond };
    const others = new Map([
      ['metrics.json', `${JSON.stringify(summary, null, 2)}\n`],
      ['history.jsonl', history.map((record) => `${JSON.stringify(record)}\n`).join('')],
      ['README.md', modelCard(config, summary)],
    ]);
    await saveModel(directory, model, others);
    return { model: directory, ...summary, interrupted };
  } finally {
    tagger.close();
  }
}

interface Trained extends Omit<RunResult, 'model'> {
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
}

/** The stages 4 to 7: a network that is ready becomes the best one that training finds, and is scored. */
async function* trainAndScore(
  pipeline: Pipeline,
  corpus: Corpus,
  tagger: Tagger,
  model: Model,
  signal?: AbortSignal,
): AsyncGenerator<RunRecord, Trained> {
  yield stage(4, `${encoderKind(pipeline.encoder).describe(pipeline.encoder)}`);
  yield stage(5, `${pipeline.decoder.kind}, ${model.config.tags.length} tags`);

  const { optimizer, schedule, batch, epochs } = pipeline.training;
  yield stage(
    6,
    `${optimizer.kind} ${optimizer.rate}, ${schedule.kind}, batch ${batch}, at most ${epochs} epochs`,
  );
  const { result, history, dev } = yield* trainStage(pipeline, corpus, tagger, model, signal);

  const test = corpus.splits.test && tagger.evaluate(corpus.splits.test.sentences);
  yield stage(
    7,
    `best epoch ${result.bestEpoch} of ${result.epochs}, scored on dev${test ? ' and test' : ''}`,
  );
  return { ...result, history, dev, test, interrupted: result.reason === 'interrupted' };
}

const stageNames = ['corpus', 'tokenizer', 'embeddings', 'encoder', 'decoder', 'training', 'evaluation'];

function stage(index: number, text: string): RunRecord {
  return { kind: 'stage', index, name: stageNames[index - 1], text };
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
  const counts = new Map<string, number>();
  for (const { tokens } of corpus.splits.train.sentences) {
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return Promise.all(
    pipeline.embeddings.map((options, i) =>
      embeddingKind(options).learn(options, { counts, base, place: { key: `embeddings[${i}]` }, warn }),
    ),
  );
}

/** The tags of the training split, in order; of spans always `O`, without which some sentences could have no tags. */
function tagsOf(split: Split, scheme: Scheme): string[] {
  const outside = scheme === 'none' ? [] : ['O'];
  return [...new Set([...outside, ...split.sentences.flatMap(({ tags }) => tags)])].sort();
}

async function* trainStage(
  pipeline: Pipeline,
  corpus: Corpus,
  tagger: Tagger,
  { config, network }: Model,
  signal?: AbortSignal,
): AsyncGenerator<RunRecord, { result: TrainingResult; history: EpochRecord[]; dev: Scores }> {
  const metric = metricOf(pipeline, config);
  const devSentences = corpus.splits.dev.sentences;
  const { epochs } = pipeline.training;
  const started = performance.now();
  const run = train({
    network,
    sentences: encode(corpus.splits.train, config, network),
    options: pipeline.training,
    seed: pipeline.seed,
    score: () => {
      const scores = tagger.evaluate(devSentences);
      return { value: scores[metric], scores };
    },
    signal,
  });
  const history: EpochRecord[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) {
    const record = next.value;
    if (record.kind === 'epoch') {
      history.push({ ...record, epochs });
      yield { ...record, epochs };
    } else {
      const done = (record.epoch - 1 + record.step / record.steps) / epochs;
      const etaSeconds = ((performance.now() - started) / 1000) * (1 / done - 1);
      yield { ...record, epochs, etaSeconds };
    }
  }
  const result = next.value;
  if (result.bestEpoch === 0) {
    throw new TaggerError('E_INTERRUPTED', { message: 'interrupted in the first epoch; nothing is saved' });
  }
  yield { kind: 'stopped', reason: result.reason, text: stopText(result, pipeline) };
  return { result, history, dev: history[result.bestEpoch - 1].dev };
}

function metricOf({ evaluation }: Pipeline, { scheme }: ModelConfig): 'f1' | 'accuracy' {
  if (evaluation.metric !== 'auto') return evaluation.metric;
  return scheme === 'none' ? 'accuracy' : 'f1';
}

function encode(split: Split, { tags }: ModelConfig, { forms }: Model['network']): EncodedSentence[] {
  const ids = new Map(tags.map((tag, i) => [tag, i]));
  const sentences = split.sentences.map((sentence) => ({
    forms: forms.encode(sentence.tokens),
    tags: Int32Array.from(sentence.tags, (tag) => ids.get(tag) ?? 0),
  }));
  forms.pin();
  return sentences;
}

function stopText({ reason, bestEpoch, epochs }: TrainingResult, { training }: Pipeline): string {
  const best = `best epoch ${bestEpoch}`;
  const texts = {
    epochs: `all ${epochs} epochs done; ${best}`,
    patience: `no better dev score for ${training.patience} epochs; ${best}`,
    interrupted: `interrupted; the model of the ${best} is saved`,
  };
  return texts[reason];
}
