/** The learning rate of a step: a function of the plan, of the step and of the dev scores before, and so the same for all. */
import type { OptimizerOptions } from './optimizers/index.js';
import { factorOf, type Moment, type ScheduleOptions } from './schedules.js';

export interface RatePlan {
  readonly optimizer: OptimizerOptions;
  readonly schedule: ScheduleOptions;
  /** Planned, at most. */
  readonly epochs: number;
  /** Of an epoch. */
  readonly steps: number;
}

/** `step` counts the steps of the whole training before it; `epoch` the epochs, each with its score in `scores`. */
export function rateAt(
  { optimizer, schedule, epochs, steps }: RatePlan,
  moment: Omit<Moment, 'steps'>,
): number {
  return optimizer.rate * factorOf(schedule, { ...moment, steps: epochs * steps });
}
