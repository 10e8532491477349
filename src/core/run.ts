/** What one forward (and backward) pass works with; layers take everything from here and keep nothing between passes. */
import type { Arena } from './arena.js';
import type { Batch } from './batch.js';
import type { Carry } from './carry.js';
import type { Kernels } from './kernels.js';
import { type Matrix, matrix } from './matrix.js';
import type { Parameter, Params, Table } from './params.js';
import type { OpenEnds, Parts } from './parts.js';
import type { Random } from './random.js';

/** The gradient of the rows of a table that a batch touched. */
export interface TableGradient {
  readonly table: Table;
  readonly count: number;
  /** Addresses of the distinct row numbers, i32 [count], and of their gradients [count × dim]. */
  readonly ids: number;
  readonly values: number;
}

/** What layers tell of their activations; where nobody asks, it costs nothing. */
export interface Probe {
  /** The vectors of the tokens [N × width] behind a layer, named by the prefix of its parameters. */
  states(layer: string, vectors: Matrix, run: Run): void;
  /** The values of a gate [N × H], from 0 to 1. */
  gate(layer: string, gate: string, values: Matrix, run: Run): void;
}

export interface Run {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly params: Params;
  readonly batch: Batch;
  /** The sentences of the batch's sequences, which decoders work on; absent where each sequence is one. */
  readonly parts?: Parts;
  /** Where sentences are cut, in training; absent where all are whole. */
  readonly ends?: OpenEnds;
  /** The random stream of dropout; absent outside training, where nothing is dropped. */
  readonly random?: Random;
  /** What the last pass over the same sentences left; absent where they begin with this one. */
  readonly carry?: Carry;
  /** Steps of the whole training before this one; absent outside training. */
  readonly count?: number;
  /** Is told of activations; absent where nobody asks. */
  readonly probe?: Probe;
  /** Address of the gradient block, laid out like the parameters; 0 outside training. */
  readonly gradients: number;
  /** Filled by the backward pass. */
  readonly tableGradients: TableGradient[];
}

/** Address of a parameter's gradient. */
export function gradient(run: Run, parameter: Parameter): number {
  return run.gradients + parameter.offset * 4;
}

/** The gradient of a parameter of two dimensions. */
export function gradientMatrix(run: Run, parameter: Parameter): Matrix {
  const [rows, cols] = parameter.shape;
  return matrix(gradient(run, parameter), rows, cols);
}
