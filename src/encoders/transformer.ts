/**
 * A transformer: layers of self-attention and of a feed-forward network, each added to what it reads (Vaswani et al. 2017).
 *
 * `norm: pre` normalises what a branch reads, and at the end what comes out (Xiong et al. 2020): gradients reach the first
 * layer through nothing but sums, and training needs little warm-up. `post` normalises every sum, as the first transformers.
 *
 * `positions: relative` is that of Transformer-XL (Dai et al. 2019) and TENER (Yan et al. 2019): a head asks how far a token is
 * and on which side, which tags of entities depend on. It costs no parameter a distance, so that sentences may be longer than
 * those of training. What is asked of tokens has the usual factor 1 / √S; TENER has none, and we keep it so for distances only,
 * where it lets a head look at one neighbour. (F1 on dev, one seed. bc5cdr after six epochs: no factor 77.4, on both 79.7, so 80.8;
 * wnut17 after ten: on both 47.4, so 46.8.)
 * `sinusoidal` adds a vector of its place to every token.
 */
import { z } from 'zod';
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import { type Distances, distancesOf } from '../layers/distances.js';
import { dropout } from '../layers/dropout.js';
import { feedForward } from '../layers/feed-forward.js';
import { inTurn, type Layer } from '../layers/in-turn.js';
import { glorot } from '../layers/init.js';
import { layerNorm } from '../layers/layer-norm.js';
import { linear } from '../layers/linear.js';
import { residuals } from '../layers/residual.js';
import { selfAttention } from '../layers/self-attention.js';
import { rowsOfSentence, type SentenceRows, sentenceOrder } from '../layers/sentence-rows.js';
import { sinusoids } from '../layers/sinusoids.js';
import type { Encoder, EncoderKind } from './encoder.js';

const rate = z.number().min(0).lt(1);

export const transformerOptions = z
  .strictObject({
    kind: z.literal('transformer'),
    layers: z.int().min(1).max(24).default(2),
    /** Columns of a token between the layers. */
    units: z.int().min(1).max(4096).default(128),
    heads: z.int().min(1).max(64).default(4),
    /** Columns inside the feed-forward networks. */
    feedForward: z.int().min(1).max(16_384).default(256),
    positions: z.enum(['relative', 'sinusoidal']).default('relative'),
    norm: z.enum(['pre', 'post']).default('pre'),
    /** Dropout on the input, the concatenated embeddings. */
    inputDropout: rate.default(0.3),
    /** Dropout on the probabilities of attention. */
    attentionDropout: rate.default(0.1),
    /** Dropout on what a branch adds. */
    residualDropout: rate.default(0.1),
    /** Dropout on the output of the last layer. */
    outputDropout: rate.default(0.3),
  })
  .refine(({ units, heads }) => units % heads === 0, {
    path: ['heads'],
    error: 'heads must divide units: each head has an equal part of the columns',
  });

export type TransformerOptions = z.infer<typeof transformerOptions>;

/** What a kind of positions does. */
interface Positions {
  /** Adds to tokens, by sentence, where they are. */
  add(x: Matrix, sentences: readonly SentenceRows[], run: Run): void;
  distances(size: number, run: Run): Distances | undefined;
}

const positionKinds: Readonly<Record<TransformerOptions['positions'], Positions>> = {
  relative: { add: () => {}, distances: distancesOf },
  sinusoidal: {
    add(x, sentences, run) {
      const places = sinusoids(0, run.batch.length, x.cols, run);
      for (const sentence of sentences) {
        const own = rowsOfSentence(x, sentence);
        run.kernels.add(own.rows * own.cols, places.address, own.address);
      }
    },
    distances: () => undefined,
  },
};

function create(options: TransformerOptions, input: number, params: Params, name: string): Encoder {
  const { units, heads, layers: count } = options;
  const positions = positionKinds[options.positions];
  const size = units / heads;
  const project = linear(params, `${name}.input`, input, units, { weight: glorot() });
  const around = (part: string) =>
    residuals[options.norm](layerNorm(params, `${part}.norm`, units), options.residualDropout);
  const small = glorot({ factor: 1 / Math.sqrt(2 * count) });
  const layers = Array.from({ length: count }, (_, i) => {
    const [attention, feed] = [`${name}.${i}.attention`, `${name}.${i}.feed`];
    return {
      aroundAttention: around(attention),
      attention: selfAttention(params, attention, {
        width: units,
        heads,
        relative: options.positions === 'relative',
        dropout: options.attentionDropout,
        init: { output: { weight: small } },
      }),
      aroundFeed: around(feed),
      feed: feedForward(params, feed, units, options.feedForward, { narrow: { weight: small } }),
    };
  });
  const norm = options.norm === 'pre' ? layerNorm(params, `${name}.norm`, units) : undefined;
  return {
    width: units,
    lookahead: Number.POSITIVE_INFINITY,
    states: [],
    forward(x, run) {
      const { sentences, toSentences, toBatch } = sentenceOrder(run);
      const distances = positions.distances(size, run);
      const attend = (layer: (typeof layers)[number]) => (n: Matrix) =>
        layer.attention.forward(n, sentences, run, distances);
      const projected: Layer = (y) => {
        const [tokens, backward] = project.forward(y, run);
        positions.add(tokens, sentences, run);
        return [tokens, backward];
      };
      const all = inTurn([
        (y) => dropout(y, options.inputDropout, run),
        (y) => [toSentences(y), toBatch],
        projected,
        ...layers.flatMap((layer): Layer[] => [
          (y) => layer.aroundAttention(y, attend(layer), run),
          (y) => layer.aroundFeed(y, layer.feed.forward, run),
        ]),
        ...(norm ? [norm.forward] : []),
        (y) => dropout(y, options.outputDropout, run),
        (y) => [toBatch(y), toSentences],
      ]);
      return all(x, run);
    },
  };
}

export const transformer: EncoderKind<typeof transformerOptions> = {
  options: transformerOptions,
  create,
  describe: ({ layers, units, heads, positions }) =>
    `transformer ${layers === 1 ? '' : `${layers} layers, `}${units} units, ${heads === 1 ? '1 head' : `${heads} heads`}, ${positions} positions`,
};
