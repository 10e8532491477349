/**
 * Self-attention with several heads within each sentence (Vaswani et al. 2017), the rows of x [N × D] by sentence. With
 * distances, a head also asks for tokens by how far and on which side they are (Dai et al. 2019; Yan et al. 2019). The
 * products with the weights run over all tokens at once; what is between them is one fused kernel a sentence
 * (src/kernels/attention.ts).
 *
 * Keys and values have no bias: that of keys would be the same for all tokens that a head chooses from, and that of values
 * comes through as one of the output.
 */
import type { Matrix } from '../core/matrix.js';
import { packed, packedTransposed } from '../core/packed.js';
import type { Initializer, Params } from '../core/params.js';
import { addWeightGradient, blank, multiply, packedCopy } from '../core/product.js';
import { gradient, gradientMatrix, type Run } from '../core/run.js';
import type { Distances } from './distances.js';
import { glorot, zeros } from './init.js';
import { type LinearInit, linear } from './linear.js';
import { rowsOfSentence, type SentenceRows } from './sentence-rows.js';

export interface SelfAttentionOptions {
  readonly width: number;
  /** A divisor of the width. */
  readonly heads: number;
  /** Whether the forward pass is given distances. */
  readonly relative: boolean;
  /** Share of the probabilities dropped in training. */
  readonly dropout: number;
  readonly init?: SelfAttentionInit;
}

/** First values: of the weights of queries, keys and values side by side, of what all queries ask, and of the map of the output. */
export interface SelfAttentionInit {
  readonly weight?: Initializer;
  readonly content?: Initializer;
  readonly output?: LinearInit;
}

export interface SelfAttention {
  forward(
    x: Matrix,
    sentences: readonly SentenceRows[],
    run: Run,
    distances?: Distances,
  ): [y: Matrix, backward: (dy: Matrix) => Matrix];
}

export function selfAttention(params: Params, name: string, options: SelfAttentionOptions): SelfAttention {
  const { width, heads, relative, init = {} } = options;
  const size = width / heads;
  const scale = 1 / Math.sqrt(size);
  // The range of three matrices of their own.
  const weight = params.claim(
    `${name}.weight`,
    [width, 3 * width],
    init.weight ?? glorot({ factor: Math.SQRT2 }),
  );
  const content = params.claim(`${name}.content`, [width], init.content ?? zeros);
  const position = relative ? params.claim(`${name}.position`, [width], zeros) : undefined;
  const w = packed(params, weight);
  const wT = packedTransposed(params, weight);
  const output = linear(params, `${name}.output`, width, width, { weight: glorot(), ...init.output });
  return {
    forward(x, sentences, run, distances) {
      const { kernels, arena } = run;
      const longest = sentences.reduce((most, { length }) => Math.max(most, length), 0);
      const work = arena.allocate(kernels.attention_work(longest, size));
      const qkv = blank(x.rows, 3 * width, run);
      multiply(x, w.fresh(kernels), qkv, run);
      const out = blank(x.rows, width, run);
      const rate = run.random ? options.dropout : 0;
      const isTraining = run.gradients !== 0;
      const shared = isTraining ? 0 : arena.allocate(kernels.attention_room(longest));
      const [u, v] = [params.address(content), position ? params.address(position) : 0];
      const backwards = sentences.map((sentence) => {
        const { length } = sentence;
        const { key0, key1 } = rate > 0 && run.random ? run.random.fork() : { key0: 0, key1: 0 };
        // Without a backward pass no head's probabilities are kept.
        const p = isTraining ? arena.words(heads * length * length) : shared;
        const next = isTraining ? length * length * 4 : 0;
        const own = rowsOfSentence(qkv, sentence);
        const to = rowsOfSentence(out, sentence);
        kernels.attention_forward(
          length,
          heads,
          size,
          scale,
          own.address,
          own.stride,
          u,
          v,
          distances?.columns ?? 0,
          distances?.longest ?? 0,
          rate,
          key0,
          key1,
          p,
          next,
          to.address,
          to.stride,
          work,
        );
        return (dOut: Matrix, dqkv: Matrix) => {
          const [d, dOwn] = [rowsOfSentence(dOut, sentence), rowsOfSentence(dqkv, sentence)];
          kernels.attention_backward(
            length,
            heads,
            size,
            scale,
            own.address,
            own.stride,
            u,
            distances?.rows ?? 0,
            distances?.longest ?? 0,
            rate,
            key0,
            key1,
            p,
            next,
            d.address,
            d.stride,
            dOwn.address,
            dOwn.stride,
            gradient(run, content),
            position ? gradient(run, position) : 0,
            work,
          );
        };
      });
      const [y, outputBackward] = output.forward(out, run);
      const backward = (dy: Matrix) => {
        const dOut = outputBackward(dy);
        const dqkv = blank(x.rows, 3 * width, run);
        for (const each of backwards) each(dOut, dqkv);
        addWeightGradient(x, packedCopy(dqkv, run), gradientMatrix(run, weight), run);
        const dx = blank(x.rows, width, run);
        multiply(dqkv, wT.fresh(kernels), dx, run);
        return dx;
      };
      return [y, backward];
    },
  };
}
