/**
 * The network of test/support/small-network.ts in plain tfjs operations on its CPU backend, one sentence at a time,
 * from the definitions: Ma and Hovy 2016 (characters), Gers et al. 2000 (LSTM), Lample et al. 2016 (CRF).
 */
import * as tf from '@tensorflow/tfjs';

/** The score of what is forbidden: tfjs makes NaN of the gradients of −∞. */
const FORBIDDEN = -1e4;

export interface OracleNetwork {
  /** Parameters by name, with their shapes. */
  readonly parameters: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>;
  readonly layers: number;
  readonly decoder: 'crf' | 'softmax';
  readonly allowed: {
    start: readonly boolean[];
    end: readonly boolean[];
    readonly pairs: readonly (readonly boolean[])[];
  };
}

export interface OracleSentence {
  /** Row of each word, characters of each word, gold tags. */
  readonly words: readonly number[];
  readonly chars: readonly (readonly number[])[];
  readonly tags: readonly number[];
}

type Get = (name: string) => tf.Tensor2D;

/** The loss summed over the sentences, and its gradient with respect to every parameter. */
export async function lossAndGradients(
  network: OracleNetwork,
  sentences: readonly OracleSentence[],
): Promise<{ loss: number; gradients: Map<string, Float32Array> }> {
  // Without this, the CPU backend advertises another on its first use.
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  const names = [...network.parameters.keys()];
  const start = Array.from(network.parameters.values(), ({ shape, values }) =>
    tf.tensor(values.slice(), [...shape]),
  );
  const total = (...tensors: tf.Tensor[]) => {
    const get: Get = (name) => tensors[names.indexOf(name)] as tf.Tensor2D;
    return tf.addN(sentences.map((sentence) => lossOf(network, sentence, get))) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(total)(start);
  const loss = value.dataSync()[0];
  return { loss, gradients: new Map(names.map((name, i) => [name, grads[i].dataSync() as Float32Array])) };
}

function lossOf(network: OracleNetwork, { words, chars, tags }: OracleSentence, get: Get): tf.Tensor {
  const word = tf.gather(get('embeddings.0.table'), [...words]);
  const char = tf.stack(chars.map((ids) => convolve(ids, get)));
  let x = tf.concat([word, char], 1) as tf.Tensor2D;
  for (let layer = 0; layer < network.layers; layer++) {
    const [ahead, back] = ['forward', 'backward'].map((direction) =>
      lstm(x, `encoder.${layer}.${direction}`, direction === 'backward', get),
    );
    x = tf.concat([ahead, back], 1);
  }
  const emissions = tf.add(tf.matMul(x, get('decoder.emission.weight')), get('decoder.emission.bias'));
  const rows = tags.map((_, t) => tf.slice(emissions, [t, 0], [1, -1]).flatten());
  return network.decoder === 'crf' ? crf(network, rows, tags, get) : crossEntropy(rows, tags);
}

/** Filters over three characters, zeros around the word, the largest value of each. */
function convolve(ids: readonly number[], get: Get): tf.Tensor {
  const padded = tf.pad(tf.gather(get('embeddings.1.table'), [...ids]), [
    [1, 1],
    [0, 0],
  ]);
  const windows = ids.map((_, at) => tf.slice(padded, [at, 0], [3, -1]).flatten());
  const filtered = tf.matMul(tf.stack(windows) as tf.Tensor2D, get('embeddings.1.weight'), false, true);
  // Not tf.max, whose gradient counts every one of equal maxima in full: in 0000 two windows are the same.
  const first = tf.transpose(tf.oneHot(tf.argMax(filtered, 0), ids.length));
  return tf.add(tf.sum(tf.mul(filtered, first), 0), get('embeddings.1.bias'));
}

/** h of every token; the gates are i, f, g, o. */
function lstm(x: tf.Tensor2D, name: string, reverse: boolean, get: Get): tf.Tensor2D {
  const [w, u, b] = ['weight', 'recurrent', 'bias'].map((part) => get(`${name}.${part}`));
  let h: tf.Tensor2D = tf.zeros([1, u.shape[0]]);
  let c: tf.Tensor2D = tf.zeros([1, u.shape[0]]);
  const tokens = Array.from({ length: x.shape[0] }, (_, t) => t);
  const outputs: tf.Tensor2D[] = [];
  for (const t of reverse ? tokens.reverse() : tokens) {
    const row = tf.slice(x, [t, 0], [1, -1]);
    const sums = tf.addN([tf.matMul(row, w), tf.matMul(h, u), tf.reshape(b, [1, -1])]);
    const [i, f, g, o] = tf.split(sums, 4, 1) as tf.Tensor2D[];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    outputs[t] = h;
  }
  return tf.concat(outputs, 0);
}

const at = (row: tf.Tensor, index: number) => tf.slice(row.flatten(), [index], [1]).sum();

function crossEntropy(rows: readonly tf.Tensor1D[], tags: readonly number[]): tf.Tensor {
  return tf.addN(rows.map((row, t) => tf.sub(tf.logSumExp(row), at(row, tags[t]))));
}

function crf(
  { allowed }: OracleNetwork,
  rows: readonly tf.Tensor1D[],
  tags: readonly number[],
  get: Get,
): tf.Tensor {
  const k = rows[0].shape[0];
  const mask = (scores: tf.Tensor, flags: readonly boolean[]) => {
    const kept = tf.tensor(flags.map(Number), scores.shape);
    return tf.add(tf.mul(scores, kept), tf.mul(tf.sub(1, kept), FORBIDDEN));
  };
  const pairs = allowed.pairs.flat();
  const start = mask(get('decoder.start'), allowed.start);
  const transitions = mask(get('decoder.transitions'), pairs);
  const stop = mask(get('decoder.stop'), allowed.end);
  let alpha: tf.Tensor = tf.add(start, rows[0]);
  for (const row of rows.slice(1)) {
    alpha = tf.add(tf.logSumExp(tf.add(tf.reshape(alpha, [k, 1]), transitions), 0), row);
  }
  const gold = [
    at(start, tags[0]),
    at(stop, tags[tags.length - 1]),
    ...rows.map((row, t) => at(row, tags[t])),
    ...tags.slice(1).map((tag, t) => at(transitions, tags[t] * k + tag)),
  ];
  return tf.sub(tf.logSumExp(tf.add(alpha, stop)), tf.addN(gold));
}
