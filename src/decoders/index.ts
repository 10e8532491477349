/** One line a kind of decoder. */
import { crf } from './crf.js';
import { lstm } from './lstm.js';
import { softmax } from './softmax.js';

export type { Constraints, Decoder, DecoderKind } from './decoder.js';
export type { Distribution, TagSequence } from './distribution.js';

export const decoderKinds = {
  crf,
  softmax,
  lstm,
} as const;
