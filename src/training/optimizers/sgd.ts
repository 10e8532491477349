/** Stochastic gradient descent, with momentum of the usual kind or Nesterov's (Sutskever et al. 2013). */
import { z } from 'zod';
import { zerosBeside } from '../beside.js';
import { decay, memory, type OptimizerKind, rate } from './optimizer.js';

const options = z.strictObject({
  kind: z.literal('sgd'),
  rate: rate.default(0.015),
  momentum: memory.default(0),
  /** Whether a step looks ahead along the momentum; without momentum it changes nothing. */
  nesterov: z.boolean().default(false),
  /** L2 penalty, added to the gradient; without momentum that is the same as decay apart from it. */
  decay: decay.default(1e-8),
});

export const sgd: OptimizerKind<typeof options> = {
  options,
  create({ momentum, nesterov, decay }, params, kernels) {
    const velocity = momentum > 0 ? zerosBeside('velocity', params) : undefined;
    return {
      state: velocity ? [velocity] : [],
      dense(first, floats, gradients, { scale, rate }) {
        const at = first * 4;
        const v = velocity ? velocity.dense + at : 0;
        const [p, g] = [params.block + at, gradients + at];
        kernels.sgd(floats, p, g, v, scale, rate, momentum, nesterov, decay);
      },
      rows({ table, count, ids, values }, { scale, rate }) {
        const [p, v] = [params.tableAddress(table), velocity?.tables.get(table) ?? 0];
        kernels.sgd_rows(count, table.dim, ids, p, values, v, scale, rate, momentum, nesterov, decay);
      },
    };
  },
};
