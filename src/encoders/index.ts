/** One line a kind of encoder. */
import { cnn } from './cnn.js';
import { lstm } from './lstm.js';

export type { Encoder, EncoderKind } from './encoder.js';

export const encoderKinds = {
  cnn,
  lstm,
} as const;
