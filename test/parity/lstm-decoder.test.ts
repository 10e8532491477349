/** The LSTM decoder with teacher forcing in tfjs, one sentence at a time: its loss and all gradients. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { lstm, lstmOptions } from '../../src/decoders/lstm.js';
import { combine, seed } from '../support/arrays.js';
import { expectClose } from '../support/close.js';
import { cases } from '../support/decoder-cases.js';
import { DecoderTrial } from '../support/decoder-trial.js';
import type { Get } from './encoder-parity.js';

const UNITS = 6;
const INPUT = 5;

/** −Σ log p of the tags, or with smoothing the cross-entropy with (1 − ε) · gold + ε / K. */
function lossOf(x: tf.Tensor2D, tags: readonly number[], k: number, smoothing: number, get: Get): tf.Tensor {
  const [embedding, w, v, u, b, weight, bias] = [
    'embedding',
    'weight',
    'tagWeight',
    'recurrent',
    'bias',
    'emission.weight',
    'emission.bias',
  ].map((name) => get(name) as tf.Tensor2D);
  let h: tf.Tensor2D = tf.zeros([1, UNITS]);
  let c: tf.Tensor2D = tf.zeros([1, UNITS]);
  const losses = tags.map((tag, t) => {
    const before = tf.gather(embedding, [t > 0 ? tags[t - 1] : k]);
    const row = tf.slice(x, [t, 0], [1, -1]);
    const sums = tf.addN([tf.matMul(row, w), tf.matMul(before, v), tf.matMul(h, u), tf.reshape(b, [1, -1])]);
    const [i, f, g, o] = tf.split(sums, 4, 1) as tf.Tensor2D[];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    const logits = tf.add(tf.matMul(h, weight), bias);
    const target = tf.add(tf.mul(tf.oneHot([tag], k), 1 - smoothing), smoothing / k);
    return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits))));
  });
  return tf.addN(losses);
}

/** tfjs has no one-hot vectors of one number. */
const several = Object.keys(cases).filter((name) => cases[name][0] > 1);

it.each(combine({ smoothing: [0, 0.1], tags: several }))(
  `$tags, smoothing $smoothing: the loss and the gradients of tfjs (seed ${seed})`,
  async ({ smoothing, tags }) => {
    // Without this, the CPU backend advertises another on its first use.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const options = lstmOptions.parse({
      kind: 'lstm',
      units: UNITS,
      dim: 3,
      dropout: 0,
      labelSmoothing: smoothing,
    });
    const trial = new DecoderTrial((...args) => lstm.create(options, ...args), cases[tags], { input: INPUT });
    const { dense } = trial.bench.params;
    const { gold, k, sentences } = trial;
    const total = (x: tf.Tensor, ...values: tf.Tensor[]) => {
      const get: Get = (name) => values[dense.findIndex((one) => one.name === `decoder.${name}`)];
      let first = 0;
      const losses = sentences.map(({ length }, s) => {
        const part = tf.slice(x as tf.Tensor2D, [first, 0], [length, -1]);
        first += length;
        return lossOf(part, gold[s], k, smoothing, get);
      });
      return tf.addN(losses) as tf.Scalar;
    };
    const x = tf.tensor2d(trial.x, [trial.x.length / INPUT, INPUT]);
    const parameters = dense.map(({ name, shape }) =>
      tf.tensor(trial.bench.values(name).slice(), [...shape]),
    );
    const { value, grads } = tf.valueAndGrads(total)([x, ...parameters]);

    const why = 'both sum some dozens of floats, in different orders';
    expectClose([trial.loss()], value.dataSync(), { reason: why, absolute: 1e-6, relative: 1e-6 }, 'loss');
    const found = trial.gradients();
    expect(found).toHaveLength(grads.length);
    for (const [i, name] of ['x', ...dense.map((one) => one.name)].entries()) {
      const theirs = grads[i].dataSync() as Float32Array;
      const largest = theirs.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      expect(largest, `the largest of d${name}`).toBeGreaterThan(1e-4);
      const ours = found.find((one) => one.name === name)!.gradient;
      expectClose(ours, theirs, { reason: why, absolute: 2e-6 + 2e-5 * largest }, `d${name}`);
    }
  },
);
