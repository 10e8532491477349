/**
 * The layers of a pretrained model: vectors of word pieces and of their positions, normalised, and then layers of self-attention
 * and of a feed-forward network, each normalised behind what it adds (Vaswani et al. 2017; Devlin et al. 2019).
 */
import type { Matrix } from '../../core/matrix.js';
import type { Initializer, Params } from '../../core/params.js';
import { blank } from '../../core/product.js';
import { gradient, type Run } from '../../core/run.js';
import { dropout } from '../../layers/dropout.js';
import { feedForward } from '../../layers/feed-forward.js';
import { inTurn, type Layer } from '../../layers/in-turn.js';
import { type LayerNormOptions, layerNorm } from '../../layers/layer-norm.js';
import { type LinearInit, linear } from '../../layers/linear.js';
import { residuals } from '../../layers/residual.js';
import { type SelfAttentionInit, selfAttention } from '../../layers/self-attention.js';
import { tidy } from '../../layers/tidy.js';
import { lookUp } from '../rows.js';
import type { Architecture } from './architectures.js';
import type { Weights } from './weights.js';
import type { Pieces } from './windows.js';

export interface PieceLayers {
  /** The last layer's vectors of the pieces, [P × width] in their order; the backward function may overwrite dy. */
  forward(pieces: Pieces, run: Run): [y: Matrix, backward: (dy: Matrix) => void];
}

/** `weights` is only called where parameters get their first values. */
export function pieceLayers(
  params: Params,
  name: string,
  architecture: Architecture,
  weights: () => Weights,
): PieceLayers {
  const { width, heads, inner, epsilon, attentionDropout } = architecture;
  const init = firstValues(weights);
  const embed = embedding(params, `${name}.pieces`, architecture, weights);
  const project =
    architecture.embedding === width
      ? []
      : [linear(params, `${name}.project`, architecture.embedding, width, init.map('project')).forward];
  const layers = Array.from({ length: architecture.layers }, (_, i) => {
    const [attention, feed] = [`${name}.layers.${i}.attention`, `${name}.layers.${i}.feed`];
    const around = (part: string, norm: LayerNormOptions) =>
      residuals.post(layerNorm(params, `${part}.norm`, width, { epsilon, ...norm }), architecture.dropout);
    return {
      attention: selfAttention(params, attention, {
        width,
        heads,
        relative: false,
        dropout: attentionDropout,
        init: init.attention(i),
      }),
      aroundAttention: around(attention, init.norm('attentionNorm', i)),
      feed: feedForward(params, feed, width, inner, {
        widen: init.map('widen', i),
        narrow: init.map('narrow', i),
      }),
      aroundFeed: around(feed, init.norm('feedNorm', i)),
    };
  });
  return {
    forward(pieces, run) {
      const { windows } = pieces;
      const [x, embedBackward] = embed(pieces, run);
      const all = inTurn([
        ...project,
        ...layers.map(({ attention, aroundAttention, feed, aroundFeed }): Layer => {
          const both: Layer[] = [
            (y) => aroundAttention(y, (z) => attention.forward(z, windows, run), run),
            (y) => aroundFeed(y, feed.forward, run),
          ];
          return tidy(inTurn(both));
        }),
      ]);
      const [y, backward] = all(x, run);
      return [y, (dy) => embedBackward(backward(dy))];
    },
  };
}

/** norm(word + position) of every piece, with dropout. */
function embedding(
  params: Params,
  name: string,
  { pieces: rows, embedding: width, positions: most, epsilon, dropout: rate }: Architecture,
  weights: () => Weights,
) {
  const words = params.claimTable(`${name}.words`, rows, width, true, (values) => weights().words(values));
  const positions = params.claim(`${name}.positions`, [most, width], (values) => weights().positions(values));
  const norm = layerNorm(params, `${name}.norm`, width, { epsilon, ...firstValues(weights).norm('norm') });
  return ({ rows: n, ids, places }: Pieces, run: Run): [Matrix, (dy: Matrix) => void] => {
    const { kernels } = run;
    const sum = blank(n, width, run);
    const wordsBackward = lookUp({ table: words, params }, ids, sum, run);
    kernels.gather_add(n, width, places, params.address(positions), sum.address, width);
    const [normal, normBackward] = norm.forward(sum, run);
    const [y, dropoutBackward] = dropout(normal, rate, run);
    return [
      y,
      (dy) => {
        const d = normBackward(dropoutBackward(dy));
        wordsBackward(d);
        kernels.scatter_add(n, width, places, d.address, d.stride, gradient(run, positions));
      },
    ];
  };
}

/** First values of our layers by the roles of a model's tensors. */
function firstValues(weights: () => Weights) {
  type Role = Parameters<Weights['bias']>[1];
  const bias =
    (role: Role, layer?: number): Initializer =>
    (values) =>
      weights().bias(values, role, layer);
  const weight =
    (role: Role, layer?: number): Initializer =>
    (values) =>
      weights().weight(values, role, layer);
  return {
    norm: (role: Role, layer?: number): LayerNormOptions => ({
      gain: (values) => weights().gain(values, role, layer),
      bias: bias(role, layer),
    }),
    map: (role: Role, layer?: number): LinearInit => ({
      weight: weight(role, layer),
      bias: bias(role, layer),
    }),
    attention: (layer: number): SelfAttentionInit => ({
      weight(values, [width]) {
        for (const [i, role] of (['query', 'key', 'value'] as const).entries()) {
          weights().weight(values, role, layer, i * width, 3 * width);
        }
      },
      content: bias('query', layer),
      output: { weight: weight('output', layer), bias: (values) => weights().outputBias(values, layer) },
    }),
  };
}
