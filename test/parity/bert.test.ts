/**
 * Pretrained models against PyTorch and tfjs, from the tensors as they are in a checkpoint. The numbers of PyTorch 2.15 were written
 * by the Python library transformers 5.24 for models of the same sizes, their tensors by `waves` in the order of their names.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { bert } from '../../src/embeddings/bert.js';
import { embeddingLayer, learning } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { checkpointFiles, kinds, type ModelType, namesOf, tensorsOf } from '../support/checkpoint.js';
import { expectClose } from '../support/close.js';
import { workspace } from '../support/workspace.js';

interface Case {
  /** The last one is known to PyTorch. */
  readonly sentences: readonly (readonly string[])[];
  /** The pieces of every word, by number. */
  readonly pieces: readonly (readonly (readonly number[])[])[];
  readonly marks: readonly [begin: number, end: number];
  /** Of PyTorch. */
  readonly rows: readonly (readonly number[])[];
}

const english: Omit<Case, 'rows'> = {
  sentences: [['rise'], ['of', '東東', 'zebra', 'the'], ['the', 'Alps', 'risen']],
  pieces: [[[7]], [[9], [10, 10], [1], [5]], [[5], [6], [7, 8]]],
  marks: [2, 3],
};

const cases: Readonly<Record<ModelType, Case>> = {
  bert: {
    ...english,
    rows: [
      [-1.128992, 0.147146, -0.039086, 1.966278],
      [-1.088457, 0.144375, 0.018417, 2.045046],
      [-1.119266, 0.14657, -0.027839, 1.985761],
    ],
  },
  electra: {
    ...english,
    rows: [
      [-1.891117, 0.067637, 0.06745, 1.343899],
      [-1.876759, 0.066026, 0.060737, 1.368327],
      [-1.90406, 0.070411, 0.075493, 1.32242],
    ],
  },
  distilbert: {
    ...english,
    rows: [
      [-0.243591, -0.257457, -2.030825, -0.957587],
      [-0.238674, -0.254344, -2.034059, -0.962144],
      [-0.242248, -0.256629, -2.031748, -0.958647],
    ],
  },
  roberta: {
    sentences: [['as', 'palp'], ['all'], ['alp', 'as']],
    pieces: [
      [
        [9, 8],
        [4, 7, 5, 10],
      ],
      [[9, 6, 6]],
      [[11], [9, 8]],
    ],
    marks: [0, 2],
    rows: [
      [-1.124523, 0.146558, -0.027603, 1.977501],
      [-1.088948, 0.144641, 0.012722, 2.043162],
    ],
  },
};

/** A model with first values of its checkpoint. */
async function trialOf(type: ModelType): Promise<Trial> {
  const options = { kind: 'bert', checkpoint: workspace(checkpointFiles({ type })).path('checkpoint') };
  const vocabulary = await bert.learn(bert.options.parse(options), learning);
  const trial = new Trial(embeddingLayer(bert, options, vocabulary, cases[type].sentences));
  trial.bench.params.initialize(new Random(1));
  return trial;
}

type Get = (name: string) => tf.Tensor;

const normalise = (x: tf.Tensor2D, name: string, epsilon: number, get: Get): tf.Tensor2D => {
  const { mean, variance } = tf.moments(x, 1, true);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, get(`${name}.weight`)), get(`${name}.bias`));
};

const affine = (x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D =>
  tf.add(tf.matMul(x, get(`${name}.weight`) as tf.Tensor2D, false, true), get(`${name}.bias`));

const gelu = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));

function attention(x: tf.Tensor2D, names: Record<string, string>, get: Get): tf.Tensor2D {
  const [q, k, v] = [names.query, names.key, names.value].map((name) => affine(x, name, get));
  const size = q.shape[1] / 2;
  const heads = [0, 1].map((head): tf.Tensor2D => {
    const [hq, hk, hv] = [q, k, v].map((all) => tf.slice(all, [0, head * size], [-1, size]));
    const scores = tf.div(tf.matMul(hq, hk, false, true), Math.sqrt(size));
    return tf.matMul(tf.softmax(scores as tf.Tensor2D) as tf.Tensor2D, hv);
  });
  return affine(tf.concat(heads, 1) as tf.Tensor2D, names.output, get);
}

/** The vectors of the first pieces of one sentence's words. */
function oracle(
  type: ModelType,
  words: readonly (readonly number[])[],
  [begin, end]: Case['marks'],
  get: Get,
): tf.Tensor2D {
  const { firstPosition, types, epsilon, sizes } = kinds[type];
  const ids = [begin, ...words.flat(), end];
  const rows = (name: string, numbers: readonly number[]) =>
    tf.gather(get(`embeddings.${name}_embeddings.weight`), tf.tensor1d([...numbers], 'int32')) as tf.Tensor2D;
  const positions = ids.map((_, i) => firstPosition + i);
  let x = tf.add(rows('word', ids), rows('position', positions)) as tf.Tensor2D;
  if (types > 0) {
    const zeros = ids.map(() => 0);
    x = tf.add(x, rows('token_type', zeros));
  }
  x = normalise(x, 'embeddings.LayerNorm', epsilon, get);
  if (sizes.embedding !== sizes.width) x = affine(x, 'embeddings_project', get);
  for (const names of namesOf(type).layers) {
    x = normalise(tf.add(x, attention(x, names, get)), names.attentionNorm, epsilon, get);
    const inner = gelu(affine(x, names.widen, get));
    x = normalise(tf.add(x, affine(inner, names.narrow, get)), names.feedNorm, epsilon, get);
  }
  const firsts = words.map((_, i) => 1 + words.slice(0, i).flat().length);
  return tf.gather(x, tf.tensor1d(firsts, 'int32'));
}

/** Parameters of ours whose gradient is that of a tensor of the checkpoint as it is. */
function sameAs(type: ModelType): Map<string, string> {
  const layers = namesOf(type).layers.flatMap((names, i): [string, string][] =>
    (['attention', 'feed'] as const).flatMap((part): [string, string][] => {
      const norm = part === 'attention' ? names.attentionNorm : names.feedNorm;
      return [
        [`layers.${i}.${part}.norm.gain`, `${norm}.weight`],
        [`layers.${i}.${part}.norm.bias`, `${norm}.bias`],
      ];
    }),
  );
  const others = namesOf(type).layers.flatMap((names, i): [string, string][] => [
    [`layers.${i}.attention.content`, `${names.query}.bias`],
    [`layers.${i}.attention.output.bias`, `${names.output}.bias`],
    [`layers.${i}.feed.widen.bias`, `${names.widen}.bias`],
  ]);
  return new Map([
    ['pieces.words', 'embeddings.word_embeddings.weight'],
    ['pieces.norm.gain', 'embeddings.LayerNorm.weight'],
    ...layers,
    ...others,
  ]);
}

describe.each(Object.keys(cases) as ModelType[])('%s', (type) => {
  const { sentences, pieces, marks, rows } = cases[type];

  it('gives the vectors of PyTorch', async () => {
    const found = (await trialOf(type)).output().slice(-rows.flat().length);
    const why = 'six digits were written down, and both sum some dozens of floats in different orders';
    expectClose(found, rows.flat(), { reason: why, absolute: 1e-5 }, 'y');
  });

  it('gives the vectors and the gradients of tfjs', async () => {
    // Without this, the CPU backend advertises another on its first use.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const trial = await trialOf(type);
    const tensors = [...tensorsOf(type)];
    const names = tensors.map(([name]) => name);
    const values = tensors.map(([, { shape, bytes }]) =>
      tf.tensor(new Float32Array(bytes.slice().buffer), [...shape]),
    );
    const outputs = (...given: tf.Tensor[]) => {
      const get: Get = (name) => given[names.indexOf(name)];
      return tf.concat(
        sentences.map((_, s) => oracle(type, pieces[s], marks, get)),
        0,
      );
    };
    const reason = 'both sum some dozens of floats, in different orders';
    expectClose(trial.output(), outputs(...values).dataSync(), { reason, absolute: 1e-5 }, 'y');
    const dy = tf.tensor2d(trial.dy, [sentences.flat().length, kinds[type].sizes.width]);
    const { grads } = tf.valueAndGrads((...given: tf.Tensor[]) =>
      tf.sum(tf.mul(outputs(...given), dy)).asScalar(),
    )(values);
    const found = trial.gradients();
    for (const [ours, theirs] of sameAs(type)) {
      const part = found.find(({ name }) => name === `embedding.${ours}`) ?? expect.fail(`no ${ours}`);
      const expected = grads[names.indexOf(theirs)].dataSync() as Float32Array;
      const largest = expected.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      expect(largest, `the largest of d${theirs}`).toBeGreaterThan(1e-4);
      expectClose(part.gradient, expected, { reason, absolute: 1e-5 + 1e-4 * largest }, `d${ours}`);
    }
  });
});
