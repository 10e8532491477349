/** Layers of a plain recurrence (Elman 1990): no gates, so cheap, and forgetful. */
import { z } from 'zod';
import { rnnCell } from '../layers/rnn.js';
import type { EncoderKind } from './encoder.js';
import { describeRecurrent, recurrentEncoder, recurrentOptions } from './recurrent.js';

export const rnnOptions = z.strictObject({
  kind: z.literal('rnn'),
  activation: z.enum(['tanh', 'relu']).default('tanh'),
  ...recurrentOptions,
});

const cells = { tanh: rnnCell(false), relu: rnnCell(true) };

export const rnn: EncoderKind<typeof rnnOptions> = {
  options: rnnOptions,
  create: ({ activation, ...options }, input, params, name) =>
    recurrentEncoder(cells[activation], options, input, params, name),
  describe: ({ activation, ...options }) => `rnn (${activation}) ${describeRecurrent(options)}`,
};
