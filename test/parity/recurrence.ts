/** Layers of any recurrence in tfjs, read forward, backward or both ways. */
import * as tf from '@tensorflow/tfjs';

export interface Recurrence {
  readonly direction: string;
  readonly layers: number;
  readonly units: number;
  /** How many vectors a step hands on to the next; the first is its output. */
  readonly states: number;
  /** The step of a direction of a layer, by the name of its parameters. */
  readonly step: (name: string) => (x: tf.Tensor2D, states: readonly tf.Tensor2D[]) => tf.Tensor2D[];
  /** What becomes of the output of a layer, from that and its input; nothing by default. */
  readonly after?: (layer: number, h: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor2D;
}

export function recurrence(
  x: tf.Tensor2D,
  { direction, layers, units, states, step, after = (_, h) => h }: Recurrence,
): tf.Tensor2D {
  const directions = direction === 'both' ? ['forward', 'backward'] : [direction];
  let y = x;
  for (let layer = 0; layer < layers; layer++) {
    const input = y;
    const h = tf.concat(
      directions.map((name) => run(input, name === 'backward', step(`${layer}.${name}`), units, states)),
      1,
    );
    y = after(layer, h, input);
  }
  return y;
}

function run(
  x: tf.Tensor2D,
  reverse: boolean,
  step: ReturnType<Recurrence['step']>,
  units: number,
  states: number,
): tf.Tensor2D {
  let carried: tf.Tensor2D[] = Array.from({ length: states }, () => tf.zeros([1, units]));
  const outputs: tf.Tensor2D[] = [];
  const tokens = Array.from({ length: x.shape[0] }, (_, t) => t);
  for (const t of reverse ? tokens.reverse() : tokens) {
    carried = step(tf.slice(x, [t, 0], [1, -1]), carried);
    outputs[t] = carried[0];
  }
  return tf.concat(outputs, 0);
}
