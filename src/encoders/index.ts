/** One line a kind of encoder. */
import { lstm } from './lstm.js';
import { transformer } from './transformer.js';

export type { Encoder, EncoderKind } from './encoder.js';

export const encoderKinds = {
  lstm,
  transformer,
} as const;
