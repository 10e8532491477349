/** Stochastic weight averaging: the mean of the weights at the ends of epochs (Izmailov et al. 2018). */
import { z } from 'zod';
import { zerosBeside } from '../beside.js';
import type { AverageKind } from './average.js';

const options = z.strictObject({
  kind: z.literal('swa'),
  /** The first epoch whose end counts. */
  from: z.int().min(1).default(10),
});

export const swa: AverageKind<typeof options> = {
  options,
  create({ from }, { params, kernels }) {
    const weights = zerosBeside('average', params);
    return {
      weights,
      rowStates: new Map(),
      from,
      close(epoch) {
        const share = 1 / (epoch - from + 1);
        kernels.approach(params.size, params.block, weights.dense, share);
        for (const [table, address] of weights.tables) {
          kernels.approach(table.rows * table.dim, params.tableAddress(table), address, share);
        }
      },
    };
  },
};
