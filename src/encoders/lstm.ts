/** Layers of an LSTM (Graves and Schmidhuber 2005). */
import { z } from 'zod';
import { lstmCell } from '../layers/lstm.js';
import type { EncoderKind } from './encoder.js';
import { describeRecurrent, recurrentEncoder, recurrentOptions } from './recurrent.js';

export const lstmOptions = z.strictObject({ kind: z.literal('lstm'), ...recurrentOptions });

export const lstm: EncoderKind<typeof lstmOptions> = {
  options: lstmOptions,
  create: (options, input, params, name) => recurrentEncoder(lstmCell, options, input, params, name),
  describe: (options) => `lstm ${describeRecurrent(options)}`,
};
