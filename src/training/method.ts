/** How a training changes the parameters: an optimizer, and an average of what comes of it. */
import type { Kernels } from '../core/kernels.js';
import type { Params } from '../core/params.js';
import { type Average, type AverageOptions, averageOf } from './averages/index.js';
import { type Optimizer, type OptimizerOptions, optimizerOf } from './optimizers/index.js';

export interface Method {
  readonly optimizer: Optimizer;
  readonly average?: Average;
}

export interface MethodPlan {
  readonly optimizer: OptimizerOptions;
  readonly average: AverageOptions;
  /** Of an epoch. */
  readonly steps: number;
}

/** Reserves what it keeps with the parameters, in the same order in every thread. */
export function methodOf(
  { optimizer, average, steps }: MethodPlan,
  params: Params,
  kernels: Kernels,
): Method {
  return {
    optimizer: optimizerOf(optimizer, params, kernels),
    average: averageOf(average, { params, kernels, steps }),
  };
}
