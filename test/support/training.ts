/** Trains a network on the tiny corpus and collects what the loop yields. */
import { TaggerError } from '../../src/core/errors.js';
import {
  type EpochDone,
  type StepDone,
  type TrainingOptions,
  type TrainingResult,
  type TrainingTask,
  type TrainingWarning,
  train,
} from '../../src/training/loop.js';
import { seed } from './arrays.js';
import { average, optimizer, schedule } from './method.js';
import type { TinyTask } from './tiny-corpus.js';

export const options: TrainingOptions = {
  epochs: 3,
  batch: 5,
  tbptt: null,
  shards: 3,
  clip: 1e9,
  patience: 30,
  rates: {},
  optimizer: optimizer('adam', { rate: 0.02 }),
  schedule: schedule('constant'),
  average: average('none'),
};

export type Record = StepDone | EpochDone<number> | TrainingWarning;

export interface Outcome {
  readonly epochs: EpochDone<number>[];
  readonly steps: StepDone[];
  readonly warnings: TrainingWarning[];
  readonly result: TrainingResult;
}

export type Wishes = Partial<TrainingOptions> &
  Partial<Pick<TrainingTask<number>, 'seed' | 'signal' | 'crew' | 'checkpoints' | 'budget'>>;

export function taskOf(
  { network, sentences }: TinyTask,
  { seed: own, signal, crew, checkpoints, budget, ...more }: Wishes,
  value: (epoch: number) => number,
): TrainingTask<number> {
  let epoch = 0;
  const score = () => {
    epoch++;
    return { value: value(epoch), scores: epoch };
  };
  return {
    network,
    sentences,
    dev: sentences,
    options: { ...options, ...more },
    seed: own ?? seed,
    score,
    signal,
    crew,
    checkpoints,
    budget,
  };
}

/** Trains to the end; `value` is the dev score of an epoch. */
export async function trainTiny(
  task: TinyTask,
  wishes: Wishes = {},
  value: (epoch: number) => number = task.accuracy,
  see: (record: Record) => void = () => {},
): Promise<Outcome> {
  const records: Record[] = [];
  const loop = train(taskOf(task, wishes, value));
  for (;;) {
    const { done, value: next } = await loop.next();
    if (done) {
      return {
        epochs: records.filter((record) => record.kind === 'epoch'),
        steps: records.filter((record) => record.kind === 'step'),
        warnings: records.filter((record) => record.kind === 'warning'),
        result: next,
      };
    }
    records.push(next);
    see(next);
  }
}

export async function failureOf(training: Promise<Outcome>): Promise<TaggerError> {
  const error = await training.then(
    () => new Error('training went on'),
    (thrown) => thrown,
  );
  if (error instanceof TaggerError && error.code === 'E_TRAINING') return error;
  throw error;
}
