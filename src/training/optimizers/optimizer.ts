/** What an optimizer is: one fused kernel over the flat block, and over the touched rows of each table. */
import { z } from 'zod';
import type { Kernels } from '../../core/kernels.js';
import type { KindSchema } from '../../core/kind.js';
import type { Params } from '../../core/params.js';
import type { TableGradient } from '../../core/run.js';
import type { Beside } from '../beside.js';

/** What all parts of one step have in common. */
export interface StepSettings {
  readonly rate: number;
  /** Factor on the gradients: that of clipping. */
  readonly scale: number;
  /** Steps of the whole training so far, this one included. */
  readonly count: number;
}

/** Both change the parameters and set the gradients to zero. Parts of a step may be taken by different threads. */
export interface Optimizer {
  /** `floats` of the flat block from `first` on; `gradients` is the address of the whole gradient block. */
  dense(first: number, floats: number, gradients: number, step: StepSettings): void;
  /** The rows of a table that were touched. */
  rows(gradient: TableGradient, step: StepSettings): void;
  /** What it keeps beside the parameters. */
  readonly state: readonly Beside[];
}

export interface OptimizerKind<Schema extends KindSchema> {
  readonly options: Schema;
  create(options: z.output<Schema>, params: Params, kernels: Kernels): Optimizer;
}

export const rate = z.number().positive().max(10);
/** Share of what was before in what comes next. */
export const memory = z.number().min(0).lt(1);
export const decay = z.number().min(0).lt(1);
