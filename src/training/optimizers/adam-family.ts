/** What Adam and its kin share: mean and mean square of the gradients, and one kernel that is given a few numbers a step. */
import { z } from 'zod';
import type { Kernels } from '../../core/kernels.js';
import type { Params } from '../../core/params.js';
import { zerosBeside } from '../beside.js';
import { memory, type Optimizer, type StepSettings } from './optimizer.js';

/** Their keys beside kind, rate and decay. */
export const momentFields = {
  beta1: memory.default(0.9),
  beta2: memory.default(0.999),
  epsilon: z.number().positive().default(1e-8),
};

/** Whether a step is divided by the largest mean square so far instead of the last (Reddi et al. 2018). */
export const amsgrad = z.boolean().default(false);

/** The numbers of a step, as `adam` in `src/kernels/optimizer.ts` takes them. */
export interface AdamNumbers {
  /** With the corrections of the bias; so is epsilon. */
  readonly rate: number;
  readonly epsilon: number;
  /** Share of the gradient itself in the step. */
  readonly ahead?: number;
  /** 0 where the step is not divided by the root of the mean square. */
  readonly root?: 0 | 1;
  /** L2 penalty. */
  readonly penalty?: number;
  /** Learning rate · weight decay, apart from the gradient. */
  readonly shrink?: number;
}

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly amsgrad?: boolean;
}

/** Rows of tables that a step does not touch keep their moments as they are. */
export function adamLike(
  { beta1, beta2, amsgrad }: AdamOptions,
  params: Params,
  kernels: Kernels,
  numbersOf: (step: StepSettings) => AdamNumbers,
): Optimizer {
  const mean = zerosBeside('mean', params);
  const square = zerosBeside('square', params);
  const top = amsgrad ? zerosBeside('top', params) : undefined;
  const settings = (step: StepSettings) => {
    const { rate, epsilon, ahead = 0, root = 1, penalty = 0, shrink = 0 } = numbersOf(step);
    return [step.scale, rate, beta1, beta2, ahead, root, epsilon, penalty, shrink] as const;
  };
  return {
    state: [mean, square, ...(top ? [top] : [])],
    dense(first, floats, gradients, step) {
      const at = first * 4;
      const [p, g, m, v] = [params.block, gradients, mean.dense, square.dense].map((start) => start + at);
      kernels.adam(floats, p, g, m, v, top ? top.dense + at : 0, ...settings(step));
    },
    rows({ table, count, ids, values }, step) {
      const p = params.tableAddress(table);
      const [m, v, w] = [mean, square, top].map((beside) => beside?.tables.get(table) ?? 0);
      kernels.adam_rows(count, table.dim, ids, p, values, m, v, w, ...settings(step));
    },
  };
}

/** Rate and epsilon of a step of Adam: with them the moments need no correction of their bias towards zero. */
export function corrected(
  { beta1, beta2, epsilon }: AdamOptions & { readonly epsilon: number },
  { rate, count }: StepSettings,
): { rate: number; epsilon: number } {
  const rootOfSecond = Math.sqrt(1 - beta2 ** count);
  return { rate: (rate * rootOfSecond) / (1 - beta1 ** count), epsilon: epsilon * rootOfSecond };
}
