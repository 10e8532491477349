/** The encoder of Vaswani et al. 2017 in tfjs, with the positions of theirs or those of Yan et al. 2019. */
import * as tf from '@tensorflow/tfjs';
import { transformer } from '../../src/encoders/transformer.js';
import { type EncoderOracle, encoderParity, type Get } from './encoder-parity.js';
import { normalise } from './normalise.js';

const UNITS = 6;
const HEADS = 2;
const SIZE = UNITS / HEADS;

/** The sinusoids of some places, one a row. */
const places = (numbers: readonly number[], width: number) =>
  tf.tensor2d(
    numbers.map((place) =>
      Array.from({ length: width }, (_, column) => {
        const angle = place / 10_000 ** ((2 * Math.floor(column / 2)) / width);
        return column % 2 ? Math.cos(angle) : Math.sin(angle);
      }),
    ),
    [numbers.length, width],
  );

const affine = (x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D =>
  tf.add(tf.matMul(x, get(`${name}.weight`) as tf.Tensor2D), get(`${name}.bias`));

const slice = (x: tf.Tensor2D, from: number, columns: number) => tf.slice(x, [0, from], [-1, columns]);

/** What every token of a head of `size` columns asks of the distance to every other. */
function farScores(q: tf.Tensor2D): tf.Tensor2D {
  const [t, size] = q.shape;
  const rows = Array.from({ length: t }, (_, i) => {
    const r = places(
      Array.from({ length: t }, (_, j) => j - i),
      size,
    );
    return tf.matMul(tf.slice(q, [i, 0], [1, -1]), r, false, true) as tf.Tensor2D;
  });
  return tf.concat(rows, 0);
}

function attention(x: tf.Tensor2D, name: string, relative: boolean, get: Get): tf.Tensor2D {
  const qkv = tf.matMul(x, get(`${name}.weight`) as tf.Tensor2D) as tf.Tensor2D;
  const part = (vector: string, head: number) => tf.slice(get(vector) as tf.Tensor1D, [head * SIZE], [SIZE]);
  const heads = Array.from({ length: HEADS }, (_, head) => {
    const [q, k, v] = [0, 1, 2].map((which) => slice(qkv, which * UNITS + head * SIZE, SIZE));
    const near = tf.div(
      tf.matMul(tf.add(q, part(`${name}.content`, head)) as tf.Tensor2D, k, false, true),
      Math.sqrt(SIZE),
    );
    const scores = relative
      ? tf.add(near, farScores(tf.add(q, part(`${name}.position`, head)) as tf.Tensor2D))
      : near;
    return tf.matMul(tf.softmax(scores) as tf.Tensor2D, v) as tf.Tensor2D;
  });
  return affine(tf.concat(heads, 1), `${name}.output`, get);
}

function feedForward(x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D {
  const z = affine(x, `${name}.widen`, get);
  const activated = tf.mul(tf.mul(z, 0.5), tf.add(tf.erf(tf.div(z, Math.SQRT2)), 1)) as tf.Tensor2D;
  return affine(activated, `${name}.narrow`, get);
}

interface Options {
  readonly positions: 'relative' | 'sinusoidal';
  readonly layers: number;
  readonly norm: 'pre' | 'post';
}

const oracle =
  ({ positions, layers, norm }: Options): EncoderOracle =>
  (x, get) => {
    const around = (y: tf.Tensor2D, name: string, branch: (y: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D =>
      norm === 'pre'
        ? tf.add(y, branch(normalise(y, `${name}.norm.`, get)))
        : normalise(tf.add(y, branch(y)), `${name}.norm.`, get);
    const relative = positions === 'relative';
    let y = affine(x, 'input', get);
    const tokens = Array.from({ length: x.shape[0] }, (_, i) => i);
    if (!relative) y = tf.add(y, places(tokens, UNITS));
    for (let layer = 0; layer < layers; layer++) {
      y = around(y, `${layer}.attention`, (z) => attention(z, `${layer}.attention`, relative, get));
      y = around(y, `${layer}.feed`, (z) => feedForward(z, `${layer}.feed`, get));
    }
    return norm === 'pre' ? normalise(y, 'norm.', get) : y;
  };

const cases = (['relative', 'sinusoidal'] as const).flatMap((positions) =>
  [1, 2].flatMap((layers) => (['pre', 'post'] as const).map((norm) => ({ positions, layers, norm }))),
);

encoderParity(
  transformer,
  cases.map((one) => ({
    name: `transformer ${one.positions}, layers ${one.layers}, norm ${one.norm}`,
    options: {
      kind: 'transformer',
      units: UNITS,
      heads: HEADS,
      feedForward: 7,
      inputDropout: 0,
      attentionDropout: 0,
      residualDropout: 0,
      outputDropout: 0,
      ...one,
    },
    oracle: oracle(one),
  })),
);
