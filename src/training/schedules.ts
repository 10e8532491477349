/** Learning-rate schedules: the factor on the optimizer's rate in every epoch. One line a kind below. */
import { z } from 'zod';
import type { KindSchema, OptionsOf } from '../core/kind.js';

const constantOptions = z.strictObject({ kind: z.literal('constant') });

const inverseTimeOptions = z.strictObject({
  kind: z.literal('inverse-time'),
  /** Factor of epoch e (from 0): 1 / (1 + decay · e). */
  decay: z.number().min(0).default(0.05),
});

const plateauOptions = z.strictObject({
  kind: z.literal('plateau'),
  /** The rate is multiplied by this … */
  factor: z.number().gt(0).lt(1).default(0.5),
  /** … after so many epochs without a better dev score. */
  patience: z.int().min(1).default(3),
});

export interface ScheduleKind<Schema extends KindSchema> {
  readonly options: Schema;
  /** `scores` are the dev scores of the epochs before this one. */
  factor(options: z.output<Schema>, scores: readonly number[]): number;
}

const constant: ScheduleKind<typeof constantOptions> = { options: constantOptions, factor: () => 1 };

const inverseTime: ScheduleKind<typeof inverseTimeOptions> = {
  options: inverseTimeOptions,
  factor: ({ decay }, scores) => 1 / (1 + decay * scores.length),
};

const plateau: ScheduleKind<typeof plateauOptions> = {
  options: plateauOptions,
  factor({ factor, patience }, scores) {
    let reductions = 0;
    let best = Number.NEGATIVE_INFINITY;
    let waited = 0;
    for (const score of scores) {
      waited = score > best ? 0 : waited + 1;
      if (score > best) best = score;
      if (waited === patience) {
        reductions++;
        waited = 0;
      }
    }
    return factor ** reductions;
  },
};

/** One line a kind of learning-rate schedule. */
export const scheduleKinds = {
  constant,
  'inverse-time': inverseTime,
  plateau,
} as const;

/** The factor on the rate in the epoch after those with these dev scores. */
export function factorOf(options: OptionsOf<typeof scheduleKinds>, scores: readonly number[]): number {
  const kind = scheduleKinds[options.kind] as unknown as ScheduleKind<KindSchema>;
  return kind.factor(options, scores);
}
