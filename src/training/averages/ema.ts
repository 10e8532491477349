/**
 * The exponential moving average of the weights after every step (Polyak and Juditsky 1992; Kingma and Ba 2015, section 7.2):
 * Σ dᵗ⁻ⁱ · wᵢ / Σ dᵗ⁻ⁱ over the steps i = 1 … t since it began. As it is divided by the sum of its shares, the weights before
 * its first step are no part of it.
 *
 * Rows of tables are taken in when they are about to change, for all the steps since their last one at once.
 */
import { z } from 'zod';
import type { Table } from '../../core/params.js';
import { reserveZeros, zerosBeside } from '../beside.js';
import type { AverageKind } from './average.js';

const options = z.strictObject({
  kind: z.literal('ema'),
  /** d: what a step keeps of the average; it remembers about 1 / (1 − d) steps. */
  decay: z.number().gt(0).lt(1).default(0.999),
  /** The first epoch whose steps count. */
  from: z.int().min(1).default(1),
});

export const ema: AverageKind<typeof options> = {
  options,
  create({ decay, from }, { params, kernels, steps }) {
    const weights = zerosBeside('average', params);
    // Of each row the steps of this epoch that its average has taken in.
    const taken = new Map(
      [...weights.tables.keys()].map((table) => [table, reserveZeros(params, table.rows)]),
    );
    const stepsBefore = (epoch: number) => (epoch - from) * steps;

    /** Lets rows that stayed the same from one step of the epoch to another follow; the average had seen them at the first. */
    const follow = (table: Table, row: number, rows: number, epoch: number, since: number, until: number) => {
      const at = row * table.dim * 4;
      const [w, average] = [params.tableAddress(table), weights.tables.get(table) ?? 0];
      const share = shareOf(decay, stepsBefore(epoch) + since, stepsBefore(epoch) + until);
      kernels.approach(rows * table.dim, w + at, average + at, share);
    };
    const takenOf = (table: Table) => {
      const first = (taken.get(table) ?? 0) >>> 2;
      return params.heap.f32.subarray(first, first + table.rows);
    };

    return {
      weights,
      rowStates: taken,
      from,
      dense(first, floats, { epoch, step }) {
        const [w, average] = [params.block, weights.dense].map((start) => start + first * 4);
        const before = stepsBefore(epoch) + step;
        kernels.approach(floats, w, average, shareOf(decay, before, before + 1));
      },
      rows({ table, count, ids }, { epoch, step }) {
        // The numbers may lie in memory that another thread has only just got.
        params.heap.refresh();
        const seen = takenOf(table);
        for (const row of params.heap.i32.subarray(ids >>> 2, (ids >>> 2) + count)) {
          if (seen[row] < step) follow(table, row, 1, epoch, seen[row], step);
          seen[row] = step;
        }
      },
      close(epoch) {
        for (const table of taken.keys()) {
          const seen = takenOf(table);
          for (let row = 0, end = 0; row < table.rows; row = end) {
            // Most rows were not touched at all, and go together.
            for (end = row + 1; end < table.rows && seen[end] === seen[row]; ) end++;
            follow(table, row, end - row, epoch, seen[row], steps);
          }
          seen.fill(0);
        }
      },
    };
  },
};

/**
 * How far the average of `since` steps goes towards weights that stayed the same in the steps after them, up to step
 * `until`; 1 where it is of none yet.
 */
function shareOf(decay: number, since: number, until: number): number {
  return 1 - (decay ** (until - since) * (1 - decay ** since)) / (1 - decay ** until);
}
