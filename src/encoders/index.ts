/** One line a kind of encoder. */
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import { rnn } from './rnn.js';

export type { Encoder, EncoderKind } from './encoder.js';

export const encoderKinds = {
  rnn,
  lstm,
  gru,
} as const;
