/** Layers of a GRU (Cho et al. 2014): three gates where the LSTM has four, so three quarters of its work. */
import { z } from 'zod';
import { gruCell } from '../layers/gru.js';
import type { EncoderKind } from './encoder.js';
import { describeRecurrent, recurrentEncoder, recurrentOptions } from './recurrent.js';

export const gruOptions = z.strictObject({ kind: z.literal('gru'), ...recurrentOptions });

export const gru: EncoderKind<typeof gruOptions> = {
  options: gruOptions,
  create: (options, input, params, name) => recurrentEncoder(gruCell, options, input, params, name),
  describe: (options) => `gru ${describeRecurrent(options)}`,
};
