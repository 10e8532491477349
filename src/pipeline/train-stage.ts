/** The stage of a pipeline that trains: its sentences as numbers, its crew, its checkpoints, and what it reports. */
import { TaggerError } from '../core/errors.js';
import { relay } from '../core/relay.js';
import type { Corpus, Split } from '../corpus/load.js';
import type { Scores } from '../evaluation/index.js';
import type { Model } from '../tagger/model.js';
import type { ModelConfig } from '../tagger/model-config.js';
import type { Tagger } from '../tagger/tagger.js';
import { type EncodedSentence, type TrainingResult, type TrainingTask, train } from '../training/loop.js';
import type { CheckpointStore } from './checkpoints.js';
import type { Pipeline } from './config.js';
import { readingsOf } from './context.js';
import { metricOf } from './metric.js';
import type { EpochRecord, RunRecord } from './records.js';

export interface TrainStageOptions {
  readonly crew: TrainingTask<Scores>['crew'];
  readonly store?: CheckpointStore;
  readonly budget?: number;
  readonly signal?: AbortSignal;
}

export interface Trained {
  readonly result: TrainingResult;
  readonly history: readonly EpochRecord[];
  readonly dev: Scores;
}

export async function* trainStage(
  pipeline: Pipeline,
  corpus: Corpus,
  tagger: Tagger,
  { config, network }: Model,
  { store, ...options }: TrainStageOptions,
): AsyncGenerator<RunRecord, Trained> {
  const { train: trainSplit, dev } = corpus.splits;
  const { epochs, checkpoint } = pipeline.training;
  const sentences = encode(trainSplit, config, network);
  const devSentences = dev.sentences.map((sentence) => network.encode(sentence));
  const readings = readingsOf(config, trainSplit, dev);
  network.forms.pin();
  const from = store && (yield* store.latest());
  const history: EpochRecord[] = from ? from.progress.epochs.map((epoch) => ({ ...epoch, epochs })) : [];
  const started = performance.now();
  // What was done before, in epochs of all: of a run that goes on, as far as its first record.
  let earlier = from ? undefined : 0;
  const run = train<Scores>({
    ...options,
    network,
    sentences,
    dev: devSentences,
    ...readings,
    options: pipeline.training,
    seed: pipeline.seed,
    score: (tags) => {
      const predicted = tags.map((sentence) => Array.from(sentence, (tag) => config.tags[tag]));
      const scores = tagger.score(dev.sentences, predicted);
      return { value: scores[metricOf(pipeline, scores)], scores };
    },
    checkpoints: store && { minutes: checkpoint, save: (state) => store.save(state), from },
  });
  const result = yield* relay(run, (record): RunRecord => {
    switch (record.kind) {
      case 'warning':
        return record;
      case 'epoch':
        history.push({ ...record, epochs });
        return { ...record, epochs };
      case 'step': {
        const done = (record.epoch - 1 + record.step / record.steps) / epochs;
        earlier ??= done;
        const elapsed = (performance.now() - started) / 1000;
        const etaSeconds = (elapsed * (1 - done)) / Math.max(done - earlier, 1e-9);
        return { ...record, epochs, etaSeconds };
      }
    }
  });
  if (result.bestEpoch === 0) {
    throw new TaggerError('E_INTERRUPTED', {
      message: 'interrupted in the first epoch, so there is no model yet',
      hint: store && 'the same command with --resume goes on from here',
    });
  }
  yield { kind: 'stopped', reason: result.reason, text: stopText(result, pipeline) };
  return { result, history, dev: history[result.bestEpoch - 1].dev };
}

function encode(split: Split, { tags }: ModelConfig, network: Model['network']): EncodedSentence[] {
  const ids = new Map(tags.map((tag, i) => [tag, i]));
  return split.sentences.map((sentence) => ({
    ...network.encode(sentence),
    tags: Int32Array.from(sentence.tags, (tag) => ids.get(tag) ?? 0),
  }));
}

function stopText({ reason, bestEpoch, epochs }: TrainingResult, { training }: Pipeline): string {
  const best = `best epoch ${bestEpoch}`;
  const texts = {
    epochs: `all ${epochs} epochs done; ${best}`,
    patience: `no better dev score for ${training.patience} epochs; ${best}`,
    interrupted: `interrupted; the model of the ${best} is saved, --resume goes on`,
    budget: `stopped after ${epochs} epochs; ${best}`,
  };
  return texts[reason];
}
