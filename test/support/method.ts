/** Optimizers, schedules and averages by their kind and the keys that matter, with the defaults of the others. */
import { kindOf } from '../../src/core/kind.js';
import { type AverageOptions, averageKinds } from '../../src/training/averages/index.js';
import { type OptimizerOptions, optimizerKinds } from '../../src/training/optimizers/index.js';
import { type ScheduleOptions, scheduleKinds } from '../../src/training/schedules.js';

export const optimizer = (kind: keyof typeof optimizerKinds, keys: object = {}): OptimizerOptions =>
  kindOf(optimizerKinds).parse({ ...keys, kind });

export const schedule = (kind: keyof typeof scheduleKinds, keys: object = {}): ScheduleOptions =>
  kindOf(scheduleKinds).parse({ ...keys, kind });

export const average = (kind: keyof typeof averageKinds, keys: object = {}): AverageOptions =>
  kindOf(averageKinds).parse({ ...keys, kind });
