/** One line a kind of encoder. */
import { lstm } from './lstm.js';

export type { Encoder, EncoderKind } from './encoder.js';

export const encoderKinds = {
  lstm,
} as const;
