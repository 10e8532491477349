/** What a kind of decoder is: from token vectors to tags, with a loss to train it by. */
import type { z } from 'zod';
import type { KindSchema } from '../core/kind.js';
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import type { Distribution } from './distribution.js';
import type { OnlineDecoder } from './online.js';

export interface Decoder {
  /** Tags in, address of i32 [N], as indices; the loss out, in nats, summed over the batch. */
  loss(x: Matrix, tags: number, run: Run): [loss: number, backward: () => Matrix];
  /** Address of the best tags: i32 [N]. */
  decode(x: Matrix, run: Run): number;
  /** The distribution over the allowed sequences that `decode` takes the best of. */
  distribution(x: Matrix, run: Run): Distribution;
  /** As `decode`, for a stream: no tag waits for more than `lag` further tokens. */
  online(lag: number): OnlineDecoder;
}

/** Which tags may follow each other; see `allowedTransitions` in src/text. */
export interface Constraints {
  readonly start: readonly boolean[];
  readonly end: readonly boolean[];
  /** pairs[from][to] */
  readonly pairs: readonly (readonly boolean[])[];
}

export interface DecoderKind<Schema extends KindSchema> {
  readonly options: Schema;
  /** Whether its loss can do with sentences that are cut; see `OpenEnds`. */
  readonly takesOpenEnds: boolean;
  create(
    options: z.output<Schema>,
    input: number,
    tags: number,
    constraints: Constraints,
    params: Params,
  ): Decoder;
}
