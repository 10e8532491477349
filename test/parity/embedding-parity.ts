/** An embedding against the same thing in plain tfjs operations, one word at a time: its output and all gradients. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { EmbeddingKind } from '../../src/embeddings/embedding.js';
import { embeddingLayer, learning, sentences } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { expectClose } from '../support/close.js';
import type { Get } from './encoder-parity.js';

/** The row [1 × width] of a word. */
export type EmbeddingOracle<V> = (word: string, vocabulary: V, get: Get) => tf.Tensor2D;

export interface EmbeddingParityCase<V> {
  readonly name: string;
  /** As in a config, without dropout. */
  readonly options: object;
  readonly oracle: EmbeddingOracle<V>;
}

const why = 'both sum some dozens of floats, in different orders';

export function embeddingParity<S extends KindSchema, V>(
  kind: EmbeddingKind<S, V>,
  cases: readonly EmbeddingParityCase<V>[],
): void {
  it.each(cases)('$name: the output and the gradients of tfjs', async ({ options, oracle }) => {
    // Without this, the CPU backend advertises another on its first use.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const vocabulary = await kind.learn(kind.options.parse(options), learning);
    const layer = embeddingLayer(kind, options, vocabulary);
    const trial = new Trial(layer);
    const { dense } = trial.bench.params;
    const parameters = dense.map(({ name, shape }) =>
      tf.tensor(trial.bench.values(name).slice(), [...shape]),
    );
    const outputs = (...values: tf.Tensor[]) => {
      const get: Get = (name) =>
        values[dense.findIndex((parameter) => parameter.name === `embedding.${name}`)];
      return tf.concat(
        sentences.flat().map((word) => oracle(word, vocabulary, get)),
        0,
      );
    };
    const dy = tf.tensor2d(trial.dy, [trial.dy.length / layer.output, layer.output]);
    const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
      tf.sum(tf.mul(outputs(...values), dy)).asScalar(),
    )(parameters);
    const close = { reason: why, absolute: 1e-5, relative: 1e-5 };
    expectClose(trial.output(), outputs(...parameters).dataSync(), close, 'y');
    const found = trial.gradients();
    for (const [i, { name }] of dense.entries()) {
      const part = found.find((one) => one.name === name);
      const theirs = grads[i].dataSync() as Float32Array;
      const largest = theirs.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      expect(largest, `the largest of d${name}`).toBeGreaterThan(1e-4);
      expectClose(part!.gradient, theirs, { reason: why, absolute: 2e-6 + 2e-5 * largest }, `d${name}`);
    }
  });
}
