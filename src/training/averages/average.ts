/** What an average of the weights is: floats beside the parameters that follow them, and are scored and saved in their place. */
import type { z } from 'zod';
import type { Kernels } from '../../core/kernels.js';
import type { KindSchema } from '../../core/kind.js';
import type { Params, Table } from '../../core/params.js';
import type { TableGradient } from '../../core/run.js';
import type { Beside } from '../beside.js';

/** A step: the epoch counts from 1, the steps of that epoch before it from 0. */
export interface StepOfEpoch {
  readonly epoch: number;
  readonly step: number;
}

export interface Average {
  readonly weights: Beside;
  /** What it keeps of the rows of tables: the address of a float for each. */
  readonly rowStates: ReadonlyMap<Table, number>;
  /** The first epoch of which it takes in something; before, there is none. */
  readonly from: number;
  /** After a step on so many floats of the flat block. Parts of a step may be taken by different threads. */
  dense?(first: number, floats: number, at: StepOfEpoch): void;
  /** Before a step on rows of a table. */
  rows?(gradient: TableGradient, at: StepOfEpoch): void;
  /** At the end of an epoch, in one thread: brings it up to date. */
  close(epoch: number): void;
}

export interface AverageContext {
  readonly params: Params;
  readonly kernels: Kernels;
  /** Of an epoch. */
  readonly steps: number;
}

export interface AverageKind<Schema extends KindSchema> {
  readonly options: Schema;
  create(options: z.output<Schema>, context: AverageContext): Average | undefined;
}
