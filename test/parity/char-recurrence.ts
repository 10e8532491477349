/** Characters of a word through any recurrence in tfjs: the last state of each direction. */
import * as tf from '@tensorflow/tfjs';
import type { CharVocabulary } from '../../src/embeddings/characters.js';
import type { EmbeddingOracle } from './embedding-parity.js';
import type { Get } from './encoder-parity.js';

/** A step of a direction by the name of its parameters; the first of its states is its output. */
export type MakeStep = (
  name: string,
  get: Get,
) => (x: tf.Tensor2D, states: readonly tf.Tensor2D[]) => tf.Tensor2D[];

export const charRecurrenceOracle =
  (units: number, states: number, makeStep: MakeStep): EmbeddingOracle<CharVocabulary> =>
  (word, { chars }, get) => {
    const rows = Array.from(word, (char) => chars.indexOf(char.replace(/\d/, '0')) + 1);
    const x = tf.gather(get('table'), rows) as tf.Tensor2D;
    const last = ['forward', 'backward'].map((direction) => {
      const step = makeStep(direction, get);
      const order = rows.map((_, at) => at);
      let carried: tf.Tensor2D[] = Array.from({ length: states }, () => tf.zeros([1, units]));
      for (const at of direction === 'backward' ? order.reverse() : order)
        carried = step(tf.slice(x, [at, 0], [1, -1]), carried);
      return carried[0];
    });
    return tf.concat(last, 1);
  };
