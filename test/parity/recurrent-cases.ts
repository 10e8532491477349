/** The cases of a recurrent kind: every direction, one layer and two. */
import type * as tf from '@tensorflow/tfjs';
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

export function recurrentCases({ kind, own, states, step }: TfjsCell): ParityCase[] {
  return ['forward', 'backward', 'both'].flatMap((direction) =>
    [1, 2].map((layers) => ({
      name: `${[kind, ...Object.values(own ?? {})].join(' ')} ${direction}, layers ${layers}`,
      options: { kind, units: UNITS, direction, layers, inputDropout: 0, outputDropout: 0, ...own },
      oracle: (x, get) =>
        recurrence(x, { direction, layers, units: UNITS, states, step: (name) => step(name, get) }),
    })),
  );
}
