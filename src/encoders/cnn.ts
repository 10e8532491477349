/**
 * Iterated dilated convolutions, ID-CNN (Strubell et al. 2017): a convolution that makes filters of the input, then a
 * block of dilated convolutions that is applied several times, as a rule with the same weights, a ReLU after each. The
 * blocks begin as the identity, so that a new network sees what its first convolution does.
 *
 * The authors' network moreover has a loss after every block, and a penalty on what dropout changes in the scores.
 */
import { z } from 'zod';
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { type Convolution, convolution, identity, tapsFor } from '../layers/convolution.js';
import { dropout } from '../layers/dropout.js';
import { inTurn, type Layer } from '../layers/in-turn.js';
import type { Encoder, EncoderKind } from './encoder.js';

export const cnnOptions = z.strictObject({
  kind: z.literal('cnn'),
  filters: z.int().min(1).max(4096).default(300),
  /** Tokens under a filter; odd, so that a filter has a middle. */
  width: z
    .int()
    .min(1)
    .max(31)
    .refine((width) => width % 2 === 1, 'must be odd')
    .default(3),
  /** Distances of the tokens under a filter, of one convolution of a block after another. */
  dilations: z.array(z.int().min(1).max(1024)).min(1).max(16).default([1, 2, 1]),
  /** How often the block is applied. */
  blocks: z.int().min(1).max(64).default(4),
  /** All blocks have the same weights. */
  share: z.boolean().default(true),
  /** Dropout on the input, the concatenated embeddings. */
  inputDropout: z.number().min(0).lt(1).default(0.35),
  /** Dropout between blocks. */
  blockDropout: z.number().min(0).lt(1).default(0),
  outputDropout: z.number().min(0).lt(1).default(0.35),
});

export type CnnOptions = z.infer<typeof cnnOptions>;

/** The distance of the farthest tokens, before and behind, that a row of the output depends on. */
export function reach({ width, dilations, blocks }: CnnOptions): number {
  const ofBlock = dilations.reduce((sum, dilation) => sum + dilation, 0);
  return ((width - 1) / 2) * (1 + blocks * ofBlock);
}

function create(options: CnnOptions, input: number, params: Params, name: string): Encoder {
  const { filters, width, dilations, blocks, share } = options;
  const first = convolution(params, `${name}.first`, { input, filters, width, dilation: 1 });
  const block = (b: number) =>
    dilations.map((dilation, i) =>
      convolution(params, `${name}.blocks.${b}.${i}`, {
        input: filters,
        filters,
        width,
        dilation,
        init: identity(width),
      }),
    );
  const own = Array.from({ length: share ? 1 : blocks }, (_, b) => block(b));
  return {
    width: filters,
    lookahead: reach(options),
    states: [],
    forward(x, run) {
      const taps = tapsFor(x.rows, width, filters, run);
      const convolved =
        (layer: Convolution): Layer =>
        (y) =>
          layer.forward(y, taps, run);
      const blocksInTurn = Array.from({ length: blocks }, (_, b): Layer[] => [
        ...(b > 0 ? [(y: Matrix) => dropout(y, options.blockDropout, run)] : []),
        ...own[b % own.length].map(convolved),
      ]);
      const all = inTurn([
        (y) => dropout(y, options.inputDropout, run),
        convolved(first),
        ...blocksInTurn.flat(),
        (y) => dropout(y, options.outputDropout, run),
      ]);
      return all(x, run);
    },
  };
}

export const cnn: EncoderKind<typeof cnnOptions> = {
  options: cnnOptions,
  create,
  describe: (options) => {
    const { filters, width, dilations, blocks, share } = options;
    const repeated = blocks === 1 ? 'one block' : `${blocks} blocks${share ? ' of the same weights' : ''}`;
    const sees = reach(options);
    return (
      `cnn ${filters} filters, width ${width}, dilations ${dilations.join(' ')}, ${repeated}, ` +
      `sees ${sees} ${sees === 1 ? 'token' : 'tokens'} each way`
    );
  },
};
