/** A plain recurrence in tfjs. */
import * as tf from '@tensorflow/tfjs';
import { rnn } from '../../src/encoders/rnn.js';
import { encoderParity, type Get } from './encoder-parity.js';
import { recurrentCases } from './recurrent-cases.js';

const step = (activation: (x: tf.Tensor) => tf.Tensor) => (name: string, get: Get) => {
  const [w, u, b] = ['weight', 'recurrent', 'bias'].map((part) => get(`${name}.${part}`)) as tf.Tensor2D[];
  return (x: tf.Tensor2D, [h]: readonly tf.Tensor2D[]): tf.Tensor2D[] => {
    const sums = tf.addN([tf.matMul(x, w), tf.matMul(h, u), tf.reshape(b, [1, -1])]);
    return [activation(sums) as tf.Tensor2D];
  };
};

encoderParity(
  rnn,
  Object.entries({ tanh: tf.tanh, relu: tf.relu }).flatMap(([activation, of]) =>
    recurrentCases({ kind: 'rnn', own: { activation }, states: 1, step: step(of) }),
  ),
);
