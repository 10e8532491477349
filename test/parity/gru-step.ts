/**
 * A step of the GRU of Cho et al. 2014 in tfjs, its reset gate after the product: n, r, k side by side in the columns of W, r, k,
 * q in those of U, and n, r, k, q in the bias.
 */
import * as tf from '@tensorflow/tfjs';
import type { Get } from './encoder-parity.js';

export function gruStep(name: string, get: Get) {
  const [w, u, b] = ['weight', 'recurrent', 'bias'].map((part) => get(`${name}.${part}`)) as tf.Tensor2D[];
  const [bn, br, bk, c] = tf.split(tf.reshape(b, [1, -1]), 4, 1);
  return (x: tf.Tensor2D, [h]: readonly tf.Tensor2D[]): tf.Tensor2D[] => {
    const [xn, xr, xk] = tf.split(tf.matMul(x, w), 3, 1);
    const [hr, hk, hq] = tf.split(tf.matMul(h, u), 3, 1);
    const r = tf.sigmoid(tf.addN([xr, hr, br]));
    const k = tf.sigmoid(tf.addN([xk, hk, bk]));
    const n = tf.tanh(tf.addN([xn, bn, tf.mul(r, tf.add(hq, c))]));
    return [tf.add(tf.mul(k, h), tf.mul(tf.sub(1, k), n)) as tf.Tensor2D];
  };
}
