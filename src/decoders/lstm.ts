/**
 * A decoder that remembers the tags it has given: an LSTM reads the encoder's output at a token together with the tag before, and
 * a softmax over its output gives the tag (Shen et al. 2017). Trained on the gold tags before, or with scheduled sampling
 * (Bengio et al. 2015) now and then on its own; decoded greedily or by a beam.
 */
import { z } from 'zod';
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import { dropout } from '../layers/dropout.js';
import { linear } from '../layers/linear.js';
import { type Beam, beamSearch } from './beam.js';
import { BeamDistribution } from './beam-distribution.js';
import { constrained, constraintsOf } from './constraints.js';
import { crossEntropy, labelSmoothing } from './cross-entropy.js';
import type { Constraints, Decoder, DecoderKind } from './decoder.js';
import { onlineLstm } from './online-lstm.js';
import { goldShare, samplingOptions } from './sampling.js';
import { tagLstm } from './tag-lstm.js';
import { tagMasks } from './tag-masks.js';
import { forwardSampled, goldBefore } from './tags-before.js';

export const lstmOptions = z.strictObject({
  kind: z.literal('lstm'),
  units: z.int().min(1).max(4096).default(100),
  /** Numbers for the tag before. */
  dim: z.int().min(1).max(1024).default(25),
  /** Dropout on the output of the LSTM. */
  dropout: z.number().min(0).lt(1).default(0.25),
  /** How often training reads its own tags. */
  sampling: samplingOptions.default({ kind: 'none' }),
  labelSmoothing,
  /** Sequences that go on from token to token; 1 is greedy. */
  beam: z.int().min(1).max(4096).default(1),
  constrained,
});

export type LstmOptions = z.infer<typeof lstmOptions>;

function create(
  options: LstmOptions,
  input: number,
  k: number,
  constraints: Constraints,
  params: Params,
): Decoder {
  const { units, dim } = options;
  const lstm = tagLstm(params, 'decoder', { input, tags: k, dim, units });
  const output = linear(params, 'decoder.emission', units, k);
  const masks = tagMasks(constraintsOf(options, k, constraints), params);
  const decoder = { lstm, output, masks, k };

  /** The gates z and the state of all tokens, in training. */
  function read(z: Matrix, before: number, run: Run) {
    const tagSums = lstm.projectTags(run);
    const state = lstm.state(z.rows, run);
    // Forked whether it is needed or not, so that what comes after draws the same.
    const random = run.random?.fork();
    const share = goldShare(options.sampling, run.count ?? 0);
    if (random && share < 1) forwardSampled({ lstm, output, share, random }, z, before, tagSums, state, run);
    else lstm.forward(z, before, tagSums, state, run);
    return state;
  }

  return {
    loss(x, tags, run) {
      const z = lstm.project(x, run);
      const before = goldBefore(tags, k, run);
      const state = read(z, before, run);
      const [h, dropoutBackward] = dropout(state.h, options.dropout, run);
      const [logits, outputBackward] = output.forward(h, run);
      const [loss, entropyBackward] = crossEntropy(logits, tags, options.labelSmoothing, run);
      const backward = () => {
        const dh = dropoutBackward(outputBackward(entropyBackward()));
        return lstm.backward(x, z, before, state, dh, run);
      };
      return [loss, backward];
    },

    decode(x, run) {
      return beamSearch(decoder, lstm.project(x, run), options.beam, run).best();
    },

    distribution(x, run) {
      const z = lstm.project(x, run);
      const search = (width: number) => {
        const beam: Beam = beamSearch(decoder, z, width, run);
        return (s: number) => beam.hypotheses(s);
      };
      return new BeamDistribution(search, k, options.beam);
    },

    online: onlineLstm(decoder),
  };
}

export const lstm: DecoderKind<typeof lstmOptions> = { options: lstmOptions, takesOpenEnds: false, create };
