/**
 * A linear-chain conditional random field on sparse features (Lafferty et al. 2001), as CRFsuite and wapiti have it: what the field
 * used before networks, and still hard to beat where there is little to learn from.
 *
 * A feature has a weight for each tag that it had in training, as in CRFsuite, and a pair of tags has one. Weights for all tags, as
 * Wapiti has them (`unseen`), were hardly better or worse on dev of BC5CDR, UD EWT and WNUT-17 (82.8, 94.8 and 18.4 instead of 82.6,
 * 94.7 and 19.2 after 200 iterations), at up to 23 times the weights and twice the time. A pair that the scheme forbids is
 * impossible, in training as well. Tags are counted in hundreds at most: the recursions visit all pairs.
 *
 * The defaults of `l2` and `iterations` were chosen on the same dev sets: 94.3, 94.7 and 94.9 on UD EWT after 100, 200 and 400.
 */
import { z } from 'zod';
import { relay } from '../../core/relay.js';
import type { BaselineKind, BaselineRecord, BaselineTask, TrainedBaseline } from '../baseline.js';
import { tagSetOf } from '../tag-set.js';
import { learnFeatures } from './features.js';
import { CrfModel } from './model.js';
import { weightsOf } from './objective.js';
import { problemOf } from './problem.js';
import { runFit } from './threads.js';

export const crfOptions = z.strictObject({
  kind: z.literal('crf'),
  /** Words to either side whose form and shape count; with 0, pairs of neighbouring words do not count either. */
  window: z.int().min(0).max(10).default(2),
  /** The longest prefix and suffix that count, in code points. */
  affixes: z.int().min(0).max(10).default(4),
  /** Features that are rarer in training are left out. */
  minCount: z.int().min(1).default(1),
  /** Whether a feature has a weight for every tag, or only for those that it had in training. */
  unseen: z.boolean().default(false),
  /** Half of it times the square of all weights is added to the loss of the whole corpus, in nats. */
  l2: z.number().min(0).default(0.1),
  /** At most. */
  iterations: z.int().min(1).default(400),
  /** Training ends when the loss has fallen by less than this share in ten iterations. */
  tolerance: z.number().min(0).default(1e-5),
});

export type CrfOptions = z.output<typeof crfOptions>;

async function* train(
  options: CrfOptions,
  { train, scheme, workers, signal }: BaselineTask,
): AsyncGenerator<BaselineRecord, TrainedBaseline> {
  signal?.throwIfAborted();
  const { names: tags, allowed } = tagSetOf({ train, scheme });
  const learnt = learnFeatures(
    train.map(({ tokens }) => tokens),
    options,
  );
  const problem = problemOf(train, tags, allowed, learnt, options);
  yield progress(`${learnt.features} features, ${weightsOf(problem)} weights, ${tags.length} tags`);
  const run = runFit(problem, options, { members: Math.max(1, workers), signal });
  const weights = yield* relay(run, ({ number, loss, norm }) =>
    progress(`iteration ${number}: loss ${loss.toFixed(1)}, gradient ${norm.toFixed(2)}`),
  );
  return new CrfModel(tags, learnt.tables, problem.tagsOfFeature, Float32Array.from(weights), allowed);
}

const progress = (text: string): BaselineRecord => ({ kind: 'progress', text });

export const crf: BaselineKind<typeof crfOptions> = {
  options: crfOptions,
  takesSpans: true,
  summary: 'conditional random field over words, shapes, affixes and neighbours',
  train,
};
