/** Layer normalisation by the operations of tfjs. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { layerNorm } from '../../src/layers/layer-norm.js';
import { encoderParity, type Get } from './encoder-parity.js';

const options = z.strictObject({ kind: z.literal('layer-norm') });

/** The layer alone, as an encoder. */
const alone: EncoderKind<typeof options> = {
  options,
  create: (_, input, params, name) => ({ width: input, ...layerNorm(params, name, input) }),
  describe: () => 'layer norm',
};

/** The normalisation whose parameters have this prefix. */
export function normalise(x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, get(`${name}gain`)), get(`${name}bias`));
}

encoderParity(alone, [
  { name: 'layer norm', options: { kind: 'layer-norm' }, oracle: (x, get) => normalise(x, '', get) },
]);
