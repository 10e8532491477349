/** What a kind of encoder is: token vectors in their sentences, from x [N × D] to y [N × width]. */
import type { z } from 'zod';
import type { StateShape } from '../core/carry.js';
import type { KindSchema } from '../core/kind.js';
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';

export interface Encoder {
  readonly width: number;
  /** How many tokens behind it an output depends on; 0 where all is read forward, and what was before is in the run's carry. */
  readonly lookahead: number;
  /** What it takes from the run's carry and leaves there. */
  readonly states: readonly StateShape[];
  /** The backward function may overwrite dy. */
  forward(x: Matrix, run: Run): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

export interface EncoderKind<Schema extends KindSchema> {
  readonly options: Schema;
  /** `name` is the prefix of the names of its parameters. */
  create(options: z.output<Schema>, input: number, params: Params, name: string): Encoder;
  /** One line for the log. */
  describe(options: z.output<Schema>): string;
}
