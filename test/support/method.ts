/** Optimizers, schedules and averages by their kind and the keys that matter, with the defaults of the others. */
import { kindOf } from '../../src/core/kind.js';
import { type AverageOptions, averageKinds } from '../../src/training/averages/index.js';
import { type OptimizerOptions, optimizerKinds } from '../../src/training/optimizers/index.js';
import { type ScheduleOptions, scheduleKinds } from '../../src/training/schedules.js';
import type { TrainingOptions } from '../../src/training/task.js';

export const optimizer = (kind: keyof typeof optimizerKinds, keys: object = {}): OptimizerOptions =>
  kindOf(optimizerKinds).parse({ ...keys, kind });

export const schedule = (kind: keyof typeof scheduleKinds, keys: object = {}): ScheduleOptions =>
  kindOf(scheduleKinds).parse({ ...keys, kind });

export const average = (kind: keyof typeof averageKinds, keys: object = {}): AverageOptions =>
  kindOf(averageKinds).parse({ ...keys, kind });

/** Everything that a training may do beyond the usual, in few trainings: of each the options that make it. */
export const methods: Readonly<Record<string, Partial<TrainingOptions>>> = {
  'Nesterov, warm-up, clipped values': {
    optimizer: optimizer('sgd', { rate: 0.02, momentum: 0.9, nesterov: true }),
    schedule: schedule('step', { every: 2, warmup: 30 }),
    clipValue: 0.05,
  },
  'AMSGrad, cosine, EMA': {
    optimizer: optimizer('adam', { rate: 0.02, amsgrad: true }),
    schedule: schedule('cosine', { floor: 0.1 }),
    average: average('ema', { decay: 0.95, from: 2 }),
  },
  'NAdam, one-cycle, SWA': {
    optimizer: optimizer('nadam', { rate: 0.02 }),
    schedule: schedule('one-cycle'),
    average: average('swa', { from: 2 }),
  },
  'RAdam, linear, rates of groups': {
    optimizer: optimizer('radam', { rate: 0.05, decay: 0.01 }),
    schedule: schedule('linear'),
    rates: { 'embeddings.0': 0.3, encoder: 0.7, decoder: 2, 'embeddings.1': 0 },
  },
};
