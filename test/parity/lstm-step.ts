/** A step of the LSTM of Gers et al. 2000 in tfjs: gates i, f, g, o side by side in the columns of its weights. */
import * as tf from '@tensorflow/tfjs';
import type { Get } from './encoder-parity.js';

export function lstmStep(name: string, get: Get) {
  const [w, u, b] = ['weight', 'recurrent', 'bias'].map((part) => get(`${name}.${part}`)) as tf.Tensor2D[];
  return (x: tf.Tensor2D, [h, c]: readonly tf.Tensor2D[]): tf.Tensor2D[] => {
    const sums = tf.addN([tf.matMul(x, w), tf.matMul(h, u), tf.reshape(b, [1, -1])]);
    const [i, f, g, o] = tf.split(sums, 4, 1) as tf.Tensor2D[];
    const cell = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g))) as tf.Tensor2D;
    return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
  };
}
