/**
 * An encoder against the same thing in plain tfjs operations, one sentence at a time: its output and all gradients.
 * A kind's own test calls this with a function that is written from the definition of the kind.
 */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { encoderLayer } from '../conformance/encoder.js';
import { Trial } from '../conformance/layer.js';
import { expectClose } from '../support/close.js';

/** A parameter by name, without the encoder's prefix; its gradient flows. */
export type Get = (name: string) => tf.Tensor;

/** y [T × width] of one sentence's x [T × input]. */
export type EncoderOracle = (x: tf.Tensor2D, get: Get) => tf.Tensor2D;

export interface ParityCase {
  readonly name: string;
  /** As in a config, without dropout. */
  readonly options: object;
  readonly oracle: EncoderOracle;
}

const why = 'both sum some dozens of floats, in different orders';

export function encoderParity<S extends KindSchema>(
  kind: EncoderKind<S>,
  cases: readonly ParityCase[],
): void {
  it.each(cases)('$name: the output and the gradients of tfjs', async ({ options, oracle }) => {
    // Without this, the CPU backend advertises another on its first use.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const layer = encoderLayer(kind, options);
    const trial = new Trial(layer);
    const { dense } = trial.bench.params;
    const parameters = dense.map(({ name, shape }) =>
      tf.tensor(trial.bench.values(name).slice(), [...shape]),
    );
    const outputs = (x: tf.Tensor, ...values: tf.Tensor[]) => {
      const get: Get = (name) => values[dense.findIndex((parameter) => parameter.name === `encoder.${name}`)];
      let first = 0;
      const rows = trial.sentences.map(({ length }) => {
        const part = tf.slice(x as tf.Tensor2D, [first, 0], [length, -1]);
        first += length;
        return oracle(part, get);
      });
      return tf.concat(rows, 0);
    };
    const x = tf.tensor2d(trial.x, [trial.x.length / layer.input, layer.input]);
    const dy = tf.tensor2d(trial.dy, [trial.dy.length / layer.output, layer.output]);
    const { value, grads } = tf.valueAndGrads((...all: tf.Tensor[]) => {
      const [x, ...values] = all;
      return tf.sum(tf.mul(outputs(x, ...values), dy)) as tf.Scalar;
    })([x, ...parameters]);
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    expectClose(
      trial.output(),
      outputs(x, ...parameters).dataSync(),
      { reason: why, absolute: 1e-5, relative: 1e-5 },
      'y',
    );
    const found = trial.gradients();
    for (const [i, name] of ['x', ...dense.map(({ name }) => name)].entries()) {
      const part = found.find((one) => one.name === name);
      const theirs = grads[i].dataSync() as Float32Array;
      const largest = theirs.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      expect(largest, `the largest of d${name}`).toBeGreaterThan(1e-4);
      expectClose(part!.gradient, theirs, { reason: why, absolute: 2e-6 + 2e-5 * largest }, `d${name}`);
    }
  });
}
