/** The table of optimizers. */
import type { Kernels } from '../../core/kernels.js';
import type { KindSchema, OptionsOf } from '../../core/kind.js';
import type { Params } from '../../core/params.js';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { nadam } from './nadam.js';
import type { Optimizer, OptimizerKind } from './optimizer.js';
import { radam } from './radam.js';
import { sgd } from './sgd.js';

export type { Optimizer, StepSettings } from './optimizer.js';

/** One line a kind of optimizer. */
export const optimizerKinds = { sgd, adam, adamw, nadam, radam } as const;

export type OptimizerOptions = OptionsOf<typeof optimizerKinds>;

/** The optimizer of options. Their own schema has checked them, which the compiler cannot follow through the table. */
export function optimizerOf(options: OptimizerOptions, params: Params, kernels: Kernels): Optimizer {
  const kind = optimizerKinds[options.kind] as unknown as OptimizerKind<KindSchema>;
  return kind.create(options, params, kernels);
}
