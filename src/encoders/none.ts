/** No encoder: the decoder reads the embeddings themselves, of which a pretrained transformer has seen the whole sentence. */
import { z } from 'zod';
import { dropout } from '../layers/dropout.js';
import type { EncoderKind } from './encoder.js';

export const noneOptions = z.strictObject({
  kind: z.literal('none'),
  /** Dropout on the concatenated embeddings. */
  dropout: z.number().min(0).lt(1).default(0.1),
});

export const none: EncoderKind<typeof noneOptions> = {
  options: noneOptions,
  create: (options, input) => ({
    width: input,
    lookahead: 0,
    states: [],
    forward: (x, run) => dropout(x, options.dropout, run),
  }),
  describe: () => 'none (the embeddings as they are)',
};
