/** A softmax over the tags of every token by itself; decoding takes the best sequence without a forbidden transition. */
import { z } from 'zod';
import { matrix } from '../core/matrix.js';
import { packedBytes } from '../core/packed.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import { linear } from '../layers/linear.js';
import { type Chain, chainOf } from './chain.js';
import type { Constraints, Decoder, DecoderKind } from './decoder.js';
import { Distribution } from './distribution.js';
import { onlineDecoder } from './online.js';
import { bestPath, FORBIDDEN, type PathScores } from './viterbi.js';

export const softmaxOptions = z.strictObject({
  kind: z.literal('softmax'),
});

export type SoftmaxOptions = z.infer<typeof softmaxOptions>;

function create(
  _options: SoftmaxOptions,
  input: number,
  k: number,
  constraints: Constraints,
  params: Params,
): Decoder {
  const logits = linear(params, 'decoder.emission', input, k);
  const masks = maskScores(k, constraints, params);
  const chain = maskChain(k, constraints);
  return {
    loss(x, tags, run) {
      const { kernels, arena } = run;
      const [scores, logitsBackward] = logits.forward(x, run);
      const n = scores.rows;
      const [dLogits, sums, shift] = [arena.words(n * k), arena.words(n), arena.words(n)];
      kernels.softmax_rows(n, k, scores.address, dLogits, sums, shift);
      const { f32, i32 } = arena.heap;
      let loss = 0;
      for (let row = 0; row < n; row++) {
        const gold = f32[(scores.address >>> 2) + row * k + i32[(tags >>> 2) + row]];
        loss += Math.log(f32[(sums >>> 2) + row]) + f32[(shift >>> 2) + row] - gold;
      }
      const backward = () => {
        kernels.subtract_gold(n, k, tags, dLogits);
        return logitsBackward(matrix(dLogits, n, k));
      };
      return [loss, backward];
    },
    decode(x, run) {
      const [e] = logits.forward(x, run);
      return bestPath(e, masks, run);
    },
    // The sums of the softmaxes are the same in every sequence, so that logits do as emissions.
    distribution(x, run) {
      const [e] = logits.forward(x, run);
      return new Distribution(e, bestPath(e, masks, run), chain(run), run);
    },
    online: onlineDecoder(logits, chain),
  };
}

const score = (allowed: boolean): number => (allowed ? 0 : FORBIDDEN);

/** The same scores as a chain for probabilities. */
function maskChain(k: number, { start, pairs, end }: Constraints): (run: Run) => Chain {
  const scores = (allowed: readonly boolean[]) => Float32Array.from(allowed, score);
  return chainOf(k, () => ({ start: scores(start), transitions: scores(pairs.flat()), stop: scores(end) }));
}

/** Scores of 0, and FORBIDDEN where a tag may not stand. */
function maskScores(k: number, constraints: Constraints, params: Params): PathScores {
  const write = (values: readonly number[] | Float32Array) =>
    params.reserve(values.length * 4, (address) => params.heap.f32.set(values, address >>> 2));
  // Panels of eight columns, as the kernel `pack` lays them out.
  const packed = new Float32Array(packedBytes(k, k) / 4);
  for (let from = 0; from < k; from++) {
    for (let to = 0; to < k; to++) {
      packed[((to >>> 3) * k + from) * 8 + (to & 7)] = score(constraints.pairs[from][to]);
    }
  }
  return {
    start: write(constraints.start.map(score)),
    packedTransitions: write(packed),
    stop: write(constraints.end.map(score)),
  };
}

export const softmax: DecoderKind<typeof softmaxOptions> = { options: softmaxOptions, create };
