/** ID-CNN (Strubell et al. 2017) in convolutions of tfjs. */
import * as tf from '@tensorflow/tfjs';
import { cnn } from '../../src/encoders/cnn.js';
import { type EncoderOracle, encoderParity, type Get } from './encoder-parity.js';

const FILTERS = 4;

/**
 * The taps of our weights stand side by side, [D × W·F]. As products of slices: tfjs has no gradient of its own dilated
 * convolution.
 */
function convolution(x: tf.Tensor2D, name: string, width: number, dilation: number, get: Get): tf.Tensor2D {
  const weight = get(`${name}.weight`) as tf.Tensor2D;
  const input = weight.shape[0];
  const taps = Array.from({ length: width }, (_, k) => tf.slice(weight, [0, k * FILTERS], [input, FILTERS]));
  const beyond = ((width - 1) / 2) * dilation;
  const padded = tf.pad(x, [
    [beyond, beyond],
    [0, 0],
  ]);
  const products = taps.map((tap, k) => tf.matMul(tf.slice(padded, [k * dilation, 0], x.shape), tap));
  return tf.relu(tf.add(tf.addN(products), get(`${name}.bias`))) as tf.Tensor2D;
}

interface Shape {
  readonly width: number;
  readonly dilations: readonly number[];
  readonly blocks: number;
  readonly share: boolean;
}

const oracle =
  ({ width, dilations, blocks, share }: Shape): EncoderOracle =>
  (x, get) => {
    let y = convolution(x, 'first', width, 1, get);
    for (let b = 0; b < blocks; b++) {
      dilations.forEach((dilation, i) => {
        y = convolution(y, `blocks.${share ? 0 : b}.${i}`, width, dilation, get);
      });
    }
    return y;
  };

const shapes: Shape[] = [
  { width: 3, dilations: [1, 2, 1], blocks: 2, share: true },
  { width: 3, dilations: [1, 2], blocks: 2, share: false },
  { width: 5, dilations: [1], blocks: 1, share: true },
  { width: 1, dilations: [1], blocks: 2, share: true },
];

encoderParity(
  cnn,
  shapes.map((shape) => ({
    name: `cnn ${JSON.stringify(shape)}`,
    options: { kind: 'cnn', filters: FILTERS, inputDropout: 0, outputDropout: 0, ...shape },
    oracle: oracle(shape),
  })),
);
