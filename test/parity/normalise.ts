/** Layer normalisation by the operations of tfjs. */
import * as tf from '@tensorflow/tfjs';
import type { Get } from './encoder-parity.js';

/** The normalisation whose parameters have this prefix. */
export function normalise(x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, get(`${name}gain`)), get(`${name}bias`));
}
