/** Optimizers: one fused kernel over the flat block, and over the touched rows of each table. One line a kind below. */
import { z } from 'zod';
import type { Kernels } from '../core/kernels.js';
import type { KindSchema, OptionsOf } from '../core/kind.js';
import type { Params, Table } from '../core/params.js';
import type { TableGradient } from '../core/run.js';

const rate = z.number().positive().max(10);
const moment = z.number().min(0).lt(1);
const decay = z.number().min(0).lt(1);

const sgdOptions = z.strictObject({
  kind: z.literal('sgd'),
  rate: rate.default(0.015),
  momentum: moment.default(0),
  /** L2 penalty, added to the gradient. */
  decay: decay.default(1e-8),
});

const adamFields = {
  rate: rate.default(1e-3),
  beta1: moment.default(0.9),
  beta2: moment.default(0.999),
  epsilon: z.number().positive().default(1e-8),
};

const adamOptions = z.strictObject({
  kind: z.literal('adam'),
  ...adamFields,
  /** L2 penalty, added to the gradient. */
  decay: decay.default(0),
});

const adamwOptions = z.strictObject({
  kind: z.literal('adamw'),
  ...adamFields,
  /** Weight decay, apart from the gradient. */
  decay: decay.default(0.01),
});

export interface Optimizer {
  /** Changes the parameters; gradients are multiplied by `scale` and set to zero. */
  step(gradients: number, tables: readonly TableGradient[], rate: number, scale: number): void;
}

export interface OptimizerKind<Schema extends KindSchema> {
  readonly options: Schema;
  create(options: z.output<Schema>, params: Params, kernels: Kernels): Optimizer;
}

/** Zeros beside the parameters: one block for the dense ones, one for each table. */
function stateOf(params: Params): { dense: number; tables: Map<Table, number> } {
  const zeros = (floats: number) => {
    const address = params.reserve(floats * 4);
    params.heap.f32.fill(0, address >>> 2, (address >>> 2) + floats);
    return address;
  };
  const tuned = params.tables.filter((table) => table.tuned);
  return {
    dense: zeros(params.size),
    tables: new Map(tuned.map((table) => [table, zeros(table.rows * table.dim)])),
  };
}

const sgd: OptimizerKind<typeof sgdOptions> = {
  options: sgdOptions,
  create({ momentum, decay }, params, kernels) {
    const velocity = momentum > 0 ? stateOf(params) : undefined;
    return {
      step(gradients, tables, rate, scale) {
        kernels.sgd(params.size, params.block, gradients, velocity?.dense ?? 0, scale, rate, momentum, decay);
        for (const { table, count, ids, values } of tables) {
          kernels.sgd_rows(
            count,
            table.dim,
            ids,
            params.tableAddress(table),
            values,
            velocity?.tables.get(table) ?? 0,
            scale,
            rate,
            momentum,
            decay,
          );
        }
      },
    };
  },
};

/** Adam and AdamW differ in where the decay goes. */
function adamKind<Schema extends typeof adamOptions | typeof adamwOptions>(
  options: Schema,
  decoupled: boolean,
): OptimizerKind<Schema> {
  return {
    options,
    create({ beta1, beta2, epsilon, decay }, params, kernels) {
      const mean = stateOf(params);
      const square = stateOf(params);
      let steps = 0;
      return {
        step(gradients, tables, rate, scale) {
          steps++;
          const rootOfSecond = Math.sqrt(1 - beta2 ** steps);
          const settings = [
            scale,
            (rate * rootOfSecond) / (1 - beta1 ** steps),
            beta1,
            beta2,
            epsilon * rootOfSecond,
            decoupled ? 0 : decay,
            decoupled ? rate * decay : 0,
          ] as const;
          kernels.adam(params.size, params.block, gradients, mean.dense, square.dense, ...settings);
          for (const { table, count, ids, values } of tables) {
            const [m, v] = [mean.tables.get(table) ?? 0, square.tables.get(table) ?? 0];
            kernels.adam_rows(count, table.dim, ids, params.tableAddress(table), values, m, v, ...settings);
          }
        },
      };
    },
  };
}

/** One line a kind of optimizer. */
export const optimizerKinds = {
  sgd,
  adam: adamKind(adamOptions, false),
  adamw: adamKind(adamwOptions, true),
} as const;

/** The optimizer of options. Their own schema has checked them, which the compiler cannot follow through the table. */
export function optimizerOf(
  options: OptionsOf<typeof optimizerKinds>,
  params: Params,
  kernels: Kernels,
): Optimizer {
  const kind = optimizerKinds[options.kind] as unknown as OptimizerKind<KindSchema>;
  return kind.create(options, params, kernels);
}
