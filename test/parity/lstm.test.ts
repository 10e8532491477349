/** The LSTM of Gers et al. 2000 in tfjs: gates i, f, g, o side by side in the columns of its weights. */
import * as tf from '@tensorflow/tfjs';
import { lstm } from '../../src/encoders/lstm.js';
import { type EncoderOracle, encoderParity, type Get } from './encoder-parity.js';
import { recurrence } from './recurrence.js';

function step(name: string, get: Get) {
  const [w, u, b] = ['weight', 'recurrent', 'bias'].map((part) => get(`${name}.${part}`)) as tf.Tensor2D[];
  return (x: tf.Tensor2D, [h, c]: readonly tf.Tensor2D[]): tf.Tensor2D[] => {
    const sums = tf.addN([tf.matMul(x, w), tf.matMul(h, u), tf.reshape(b, [1, -1])]);
    const [i, f, g, o] = tf.split(sums, 4, 1) as tf.Tensor2D[];
    const cell = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g))) as tf.Tensor2D;
    return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
  };
}

const UNITS = 3;

const oracle =
  (direction: string, layers: number): EncoderOracle =>
  (x, get) =>
    recurrence(x, { direction, layers, units: UNITS, states: 2, step: (name) => step(name, get) });

encoderParity(
  lstm,
  ['forward', 'backward', 'both'].flatMap((direction) =>
    [1, 2].map((layers) => ({
      name: `lstm ${direction}, layers ${layers}`,
      options: { kind: 'lstm', units: UNITS, direction, layers, inputDropout: 0, outputDropout: 0 },
      oracle: oracle(direction, layers),
    })),
  ),
);
