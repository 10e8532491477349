import { z } from 'zod';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { layerNorm } from '../../src/layers/layer-norm.js';
import { encoderParity } from './encoder-parity.js';
import { normalise } from './normalise.js';

const options = z.strictObject({ kind: z.literal('layer-norm') });

/** The layer alone, as an encoder. */
const alone: EncoderKind<typeof options> = {
  options,
  create: (_, input, params, name) => ({
    width: input,
    lookahead: 0,
    states: [],
    ...layerNorm(params, name, input),
  }),
  describe: () => 'layer norm',
};

encoderParity(alone, [
  { name: 'layer norm', options: { kind: 'layer-norm' }, oracle: (x, get) => normalise(x, '', get) },
]);
