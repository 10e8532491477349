/**
 * Learning-rate schedules: the factor on the optimizer's rate at every step. All may begin with a warm-up. One line a kind
 * below.
 */
import { z } from 'zod';
import type { KindSchema, OptionsOf } from '../core/kind.js';

/** When a step is taken. */
export interface Moment {
  /** Steps of the whole training before this one, and planned in all: epochs × steps of an epoch. */
  readonly step: number;
  readonly steps: number;
  /** Epochs before this one, each with its dev score in `scores`. */
  readonly epoch: number;
  readonly scores: ArrayLike<number>;
}

/** The moment as a schedule sees it behind its warm-up. */
export interface Stage extends Moment {
  /** Share of the planned steps behind the warm-up that lie before this step, 0 in the warm-up, never above 1. */
  readonly done: number;
}

/** Steps, or below 1 the share of all that are planned, in which the factor rises. */
const warmup = z.union([z.number().min(0).lt(1), z.int().min(1)]);

/** The last factor of schedules that fall to one. */
const floor = z.number().min(0).lt(1);

interface WarmupSchema extends KindSchema {
  readonly shape: KindSchema['shape'] & { readonly warmup: z.ZodDefault<typeof warmup> };
}

export interface ScheduleKind<Schema extends WarmupSchema> {
  readonly options: Schema;
  factor(options: z.output<Schema>, stage: Stage): number;
  /** What the factor is multiplied by in the warm-up, of which a share above 0 and up to 1 is done; the share itself by default. */
  rise?(options: z.output<Schema>, share: number): number;
}

const constantOptions = z.strictObject({ kind: z.literal('constant'), warmup: warmup.default(0) });

const constant: ScheduleKind<typeof constantOptions> = { options: constantOptions, factor: () => 1 };

const inverseTimeOptions = z.strictObject({
  kind: z.literal('inverse-time'),
  /** Factor of epoch e (from 0): 1 / (1 + decay · e). */
  decay: z.number().min(0).default(0.05),
  warmup: warmup.default(0),
});

const inverseTime: ScheduleKind<typeof inverseTimeOptions> = {
  options: inverseTimeOptions,
  factor: ({ decay }, { epoch }) => 1 / (1 + decay * epoch),
};

const stepOptions = z.strictObject({
  kind: z.literal('step'),
  /** The rate is multiplied by this … */
  factor: z.number().gt(0).lt(1).default(0.5),
  /** … after every so many epochs. */
  every: z.int().min(1).default(10),
  warmup: warmup.default(0),
});

const step: ScheduleKind<typeof stepOptions> = {
  options: stepOptions,
  factor: ({ factor, every }, { epoch }) => factor ** Math.floor(epoch / every),
};

const plateauOptions = z.strictObject({
  kind: z.literal('plateau'),
  /** The rate is multiplied by this … */
  factor: z.number().gt(0).lt(1).default(0.5),
  /** … after so many epochs without a better dev score. */
  patience: z.int().min(1).default(3),
  warmup: warmup.default(0),
});

const plateau: ScheduleKind<typeof plateauOptions> = {
  options: plateauOptions,
  factor({ factor, patience }, { scores }) {
    let reductions = 0;
    let best = Number.NEGATIVE_INFINITY;
    let waited = 0;
    for (const score of Array.from(scores)) {
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

const linearOptions = z.strictObject({ kind: z.literal('linear'), warmup: warmup.default(0.1) });

/** A straight line to 0 at the planned end. */
const linear: ScheduleKind<typeof linearOptions> = {
  options: linearOptions,
  factor: (_, { done }) => 1 - done,
};

const cosineOptions = z.strictObject({
  kind: z.literal('cosine'),
  floor: floor.default(0),
  warmup: warmup.default(0),
});

/** Half a wave of the cosine to the floor (Loshchilov and Hutter 2017, without restarts). */
const cosine: ScheduleKind<typeof cosineOptions> = {
  options: cosineOptions,
  factor: ({ floor }, { done }) => alongCosine(1, floor, done),
};

const oneCycleOptions = z.strictObject({
  kind: z.literal('one-cycle'),
  /** The factor before the rise. */
  start: z.number().gt(0).lt(1).default(0.04),
  floor: floor.default(0.0001),
  warmup: warmup.default(0.3),
});

/** One rise and one longer fall, both along half a wave (Smith and Topin 2018); momentum stays as it is. */
const oneCycle: ScheduleKind<typeof oneCycleOptions> = {
  options: oneCycleOptions,
  factor: ({ floor }, { done }) => alongCosine(1, floor, done),
  rise: ({ start }, share) => alongCosine(start, 1, share),
};

function alongCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}

/** One line a kind of learning-rate schedule. */
export const scheduleKinds = {
  constant,
  'inverse-time': inverseTime,
  step,
  plateau,
  linear,
  cosine,
  'one-cycle': oneCycle,
} as const;

export type ScheduleOptions = OptionsOf<typeof scheduleKinds>;

/** The factor on the rate at a step: of numbers that a resumed training has too, and of nothing else. */
export function factorOf(options: ScheduleOptions, moment: Moment): number {
  const { step, steps } = moment;
  const kind = scheduleKinds[options.kind] as unknown as ScheduleKind<WarmupSchema>;
  const rising = options.warmup < 1 ? Math.round(options.warmup * steps) : options.warmup;
  // More than planned is done where a training goes on with other data.
  const done = step < rising ? 0 : Math.min(1, (step - rising) / (steps - rising));
  const factor = kind.factor(options, { ...moment, done });
  if (step >= rising) return factor;
  const share = (step + 1) / rising;
  return factor * (kind.rise ? kind.rise(options, share) : share);
}
