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
  /** What it keeps beside the parameters, by name. */
  readonly state: readonly OptimizerState[];
}

/** Floats like those of the parameters: for the flat block, and for each table that is tuned. */
export interface OptimizerState {
  readonly name: string;
  readonly dense: number;
  readonly tables: ReadonlyMap<Table, number>;
}

export interface OptimizerKind<Schema extends KindSchema> {
  readonly options: Schema;
  create(options: z.output<Schema>, params: Params, kernels: Kernels): Optimizer;
}

/** Zeros beside the parameters. */
function stateOf(name: string, params: Params): OptimizerState {
  const zeros = (floats: number) =>
    params.reserve(floats * 4, (address) => params.heap.f32.fill(0, address >>> 2, (address >>> 2) + floats));
  const tuned = params.tables.filter((table) => table.tuned);
  return {
    name,
    dense: zeros(params.size),
    tables: new Map(tuned.map((table) => [table, zeros(table.rows * table.dim)])),
  };
}

const sgd: OptimizerKind<typeof sgdOptions> = {
  options: sgdOptions,
  create({ momentum, decay }, params, kernels) {
    const velocity = momentum > 0 ? stateOf('velocity', params) : undefined;
    return {
      state: velocity ? [velocity] : [],
      dense(first, floats, gradients, { scale, rate }) {
        const at = first * 4;
        const v = velocity ? velocity.dense + at : 0;
        kernels.sgd(floats, params.block + at, gradients + at, v, scale, rate, momentum, decay);
      },
      rows({ table, count, ids, values }, { scale, rate }) {
        const [p, v] = [params.tableAddress(table), velocity?.tables.get(table) ?? 0];
        kernels.sgd_rows(count, table.dim, ids, p, values, v, scale, rate, momentum, decay);
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
      const mean = stateOf('mean', params);
      const square = stateOf('square', params);
      const settings = ({ scale, rate, count }: StepSettings) => {
        const rootOfSecond = Math.sqrt(1 - beta2 ** count);
        return [
          scale,
          (rate * rootOfSecond) / (1 - beta1 ** count),
          beta1,
          beta2,
          epsilon * rootOfSecond,
          decoupled ? 0 : decay,
          decoupled ? rate * decay : 0,
        ] as const;
      };
      return {
        state: [mean, square],
        dense(first, floats, gradients, step) {
          const [p, g, m, v] = [params.block, gradients, mean.dense, square.dense].map(
            (address) => address + first * 4,
          );
          kernels.adam(floats, p, g, m, v, ...settings(step));
        },
        rows({ table, count, ids, values }, step) {
          const [m, v] = [mean, square].map(({ tables }) => tables.get(table) ?? 0);
          kernels.adam_rows(
            count,
            table.dim,
            ids,
            params.tableAddress(table),
            values,
            m,
            v,
            ...settings(step),
          );
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
