/** The cases of a recurrent kind: every direction, one layer and two, and what may stand between layers. */
import * as tf from '@tensorflow/tfjs';
import type { Get, ParityCase } from './encoder-parity.js';
import { recurrence } from './recurrence.js';

/** So many that the rectifier does not shut all of them. */
const UNITS = 6;

export interface TfjsCell {
  readonly kind: string;
  /** Options that the kind does not share with others. */
  readonly own?: object;
  /** Vectors that a step hands on. */
  readonly states: number;
  readonly step: (
    name: string,
    get: Get,
  ) => (x: tf.Tensor2D, states: readonly tf.Tensor2D[]) => tf.Tensor2D[];
}

type After = (layer: number, h: tf.Tensor2D, x: tf.Tensor2D, get: Get) => tf.Tensor2D;

/** What stands between layers. The input of the first is narrower than its output, so that nothing leads around it. */
const between: Record<string, After> = {
  residual: (layer, h, x) => (layer === 0 ? h : tf.add(x, h)),
  highway(layer, h, x, get) {
    if (layer === 0) return h;
    const [w, b] = ['weight', 'bias'].map((part) => get(`${layer}.gate.${part}`)) as tf.Tensor2D[];
    const t = tf.sigmoid(tf.add(tf.matMul(x, w), tf.reshape(b, [1, -1])));
    return tf.add(tf.mul(t, h), tf.mul(tf.sub(1, t), x));
  },
};

const normalised: After = (layer, h, _, get) => {
  const [gain, bias] = ['gain', 'bias'].map((part) => tf.reshape(get(`${layer}.norm.${part}`), [1, -1]));
  const centred = tf.sub(h, tf.mean(h, 1, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), 1e-5));
  return tf.add(tf.mul(tf.mul(centred, scale), gain), bias);
};

export function recurrentCases(cell: TfjsCell): ParityCase[] {
  const plain = ['forward', 'backward', 'both'].flatMap((direction) =>
    [1, 2].map((layers) => caseOf(cell, { direction, layers })),
  );
  const connected = Object.entries(between).flatMap(([connections, after]) => [
    caseOf(cell, { direction: 'both', layers: 3, connections }, after),
    caseOf(cell, { direction: 'both', layers: 2, connections, layerNorm: true }, (layer, h, x, get) =>
      after(layer, normalised(layer, h, x, get), x, get),
    ),
  ]);
  return [...plain, ...connected];
}

function caseOf(
  { kind, own, states, step }: TfjsCell,
  options: { direction: string; layers: number; connections?: string; layerNorm?: boolean },
  after: After = (_, h) => h,
): ParityCase {
  const { direction, layers, connections, layerNorm } = options;
  return {
    name: [kind, ...Object.values(own ?? {}), direction, layers, connections, layerNorm && 'normalised']
      .filter(Boolean)
      .join(' '),
    options: { kind, units: UNITS, inputDropout: 0, outputDropout: 0, ...own, ...options },
    oracle: (x, get) =>
      recurrence(x, {
        direction,
        layers,
        units: UNITS,
        states,
        step: (name) => step(name, get),
        after: (layer, h, input) => after(layer, h, input, get),
      }),
  };
}
