/** A softmax over the tags of every token by itself; decoding takes the best sequence without a forbidden transition. */
import { z } from 'zod';
import { packedBytes } from '../core/packed.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import { linear } from '../layers/linear.js';
import { type Chain, chainOf } from './chain.js';
import { ChainDistribution } from './chain-distribution.js';
import { constrained, constraintsOf } from './constraints.js';
import { crossEntropy, labelSmoothing } from './cross-entropy.js';
import type { Constraints, Decoder, DecoderKind } from './decoder.js';
import { onlineDecoder } from './online.js';
import { bestPath, FORBIDDEN, type PathScores } from './viterbi.js';

export const softmaxOptions = z.strictObject({
  kind: z.literal('softmax'),
  labelSmoothing,
  constrained,
});

export type SoftmaxOptions = z.infer<typeof softmaxOptions>;

function create(
  options: SoftmaxOptions,
  input: number,
  k: number,
  constraints: Constraints,
  params: Params,
): Decoder {
  const logits = linear(params, 'decoder.emission', input, k);
  const rules = constraintsOf(options, k, constraints);
  const masks = maskScores(k, rules, params);
  const chain = maskChain(k, rules);
  return {
    loss(x, tags, run) {
      const [scores, logitsBackward] = logits.forward(x, run);
      const [loss, entropyBackward] = crossEntropy(scores, tags, options.labelSmoothing, run);
      return [loss, () => logitsBackward(entropyBackward())];
    },
    decode(x, run) {
      const [e] = logits.forward(x, run);
      return bestPath(e, masks, run);
    },
    // The sums of the softmaxes are the same in every sequence, so that logits do as emissions.
    distribution(x, run) {
      const [e] = logits.forward(x, run);
      return new ChainDistribution(e, bestPath(e, masks, run), chain(run), run);
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

export const softmax: DecoderKind<typeof softmaxOptions> = {
  options: softmaxOptions,
  takesOpenEnds: true,
  create,
};
