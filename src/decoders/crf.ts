/**
 * Linear-chain conditional random field on linear emissions, with start and stop scores and forbidden transitions masked
 * (Lafferty et al. 2001; Lample et al. 2016). Its loss is the negative log-likelihood of the gold path among the allowed ones.
 *
 * It takes no label smoothing: its target is a sequence, not a tag. Smoothing that would mean the uniform distribution over all
 * allowed sequences, at the price of a second forward-backward pass.
 */
import { z } from 'zod';
import { type Matrix, matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { gradient, type Run } from '../core/run.js';
import { zeros } from '../layers/init.js';
import { linear } from '../layers/linear.js';
import { chainOf } from './chain.js';
import { ChainDistribution } from './chain-distribution.js';
import { constrained, constraintsOf } from './constraints.js';
import { type CrfScores, crfScores } from './crf-scores.js';
import type { Constraints, Decoder, DecoderKind } from './decoder.js';
import { onlineDecoder } from './online.js';
import { type Folded, foldEnds } from './open-ends.js';
import { backwardRecursion, type Forward, forwardRecursion, paddedTags } from './recursions.js';
import { bestPath } from './viterbi.js';

export const crfOptions = z.strictObject({
  kind: z.literal('crf'),
  constrained,
});

export type CrfOptions = z.infer<typeof crfOptions>;

/** What the backward pass needs: the recursion, minus the counts of the gold path (addresses), and the scores of both. */
interface Counted {
  readonly recursion: Forward;
  readonly path: { readonly e: number; readonly start: number; readonly pair: number; readonly stop: number };
  readonly scores: CrfScores;
  /** Where sentences are open. */
  readonly folded?: Folded;
}

function create(
  options: CrfOptions,
  input: number,
  k: number,
  constraints: Constraints,
  params: Params,
): Decoder {
  const rules = constraintsOf(options, k, constraints);
  const emissions = linear(params, 'decoder.emission', input, k);
  const start = params.claim('decoder.start', [k], zeros);
  const transitions = params.claim('decoder.transitions', [k, k], zeros);
  const stop = params.claim('decoder.stop', [k], zeros);
  const scores = crfScores({ start, transitions, stop }, k, rules, params);
  const width = paddedTags(k);
  const chain = chainOf(k, (run) => {
    const { start, transitions, stop } = scores(run);
    const copy = (address: number, n: number) => params.heap.f32.slice(address / 4, address / 4 + n);
    return { start: copy(start, k), transitions: copy(transitions, k * k), stop: copy(stop, k) };
  });

  return {
    loss(x, tags, run) {
      const [e, emissionsBackward] = emissions.forward(x, run);
      const folded = run.ends && foldEnds(e, run.ends, scores(run), run);
      const own = folded?.scores ?? scores(run);
      const { path, gold } = goldPath(e, tags, own, run);
      const { recursion, logZ } = partition(e, own, run);
      let loss = 0;
      for (const value of logZ) loss += value;
      for (const value of gold) loss -= value;
      return [loss, () => emissionsBackward(addExpected({ recursion, path, scores: own, folded }, run))];
    },

    decode(x, run) {
      const [e] = emissions.forward(x, run);
      return bestPath(e, scores(run), run);
    },

    distribution(x, run) {
      const [e] = emissions.forward(x, run);
      return new ChainDistribution(e, bestPath(e, scores(run), run), chain(run), run);
    },

    online: onlineDecoder(emissions, chain),
  };

  /** Scores of the gold paths, and minus their counts in fresh gradients. */
  function goldPath(e: Matrix, tags: number, { start, transitions, stop }: CrfScores, run: Run) {
    const { kernels, arena, batch } = run;
    const { length: t, steps, tokens, sentences } = batch;
    const path = {
      e: arena.zeros(tokens * k),
      start: arena.zeros(k),
      pair: arena.zeros(k * k),
      stop: arena.zeros(k),
    };
    const sums = arena.allocate(sentences * 8);
    const d = path;
    kernels.crf_gold(
      t,
      steps,
      k,
      tags,
      e.address,
      start,
      transitions,
      stop,
      d.e,
      d.start,
      d.pair,
      d.stop,
      sums,
    );
    return { path, gold: arena.heap.f64.slice(sums >>> 3, (sums >>> 3) + sentences) };
  }

  /** The forward recursion: log Z of every sentence, and what the backward recursion needs of it. */
  function partition(e: Matrix, { exp }: CrfScores, run: Run) {
    const { kernels, arena, batch } = run;
    const { tokens: n, sentences, length: t, firstRows } = batch;
    const [E, shift] = [arena.allocate(n * width * 8), arena.words(n)];
    kernels.exp_rows_wide(n, k, e.address, E, shift);
    const recursion = forwardRecursion(E, exp, k, run);
    const { scale, z } = recursion;
    const { f32, f64 } = arena.heap;
    const logZ = f64.slice(z >>> 3, (z >>> 3) + sentences).map(Math.log);
    for (let step = 0; step < t; step++) {
      const first = firstRows[step];
      for (let row = first; row < firstRows[step + 1]; row++) {
        logZ[row - first] += Math.log(f64[(scale >>> 3) + row]) + f32[(shift >>> 2) + row];
      }
    }
    return { recursion, logZ };
  }

  /** Adds expected minus gold counts to the gradients; returns the gradient of the emissions, posterior − gold. */
  function addExpected({ recursion, path, scores: { exp }, folded }: Counted, run: Run): Matrix {
    const { kernels, arena, batch } = run;
    const { tokens: n, sentences, length: t, steps, firstRows } = batch;
    const doubles = (count: number) => arena.allocate(count * 8);
    const { w, posteriors } = backwardRecursion(recursion, exp, k, run);
    kernels.crf_counts(
      t,
      steps,
      k,
      exp.transitions,
      recursion.alpha,
      w,
      doubles(n * width),
      doubles((width + n) * width),
      path.pair,
    );
    kernels.add(n * k, posteriors, path.e);
    kernels.add(k * k, path.pair, gradient(run, transitions));
    if (folded) {
      const [dStart, dTransitions, dStop] = [start, transitions, stop].map((one) => gradient(run, one));
      folded.addGradients(path.e, { start: dStart, transitions: dTransitions, stop: dStop });
      return matrix(path.e, n, k);
    }
    kernels.add_columns(sentences, k, posteriors, k, path.start);
    for (let step = 0; step < t; step++) {
      const next = step + 1 < t ? firstRows[step + 2] - firstRows[step + 1] : 0;
      const ending = firstRows[step + 1] - firstRows[step] - next;
      kernels.add_columns(ending, k, posteriors + (firstRows[step] + next) * k * 4, k, path.stop);
    }
    kernels.add(k, path.start, gradient(run, start));
    kernels.add(k, path.stop, gradient(run, stop));
    return matrix(path.e, n, k);
  }
}

export const crf: DecoderKind<typeof crfOptions> = { options: crfOptions, takesOpenEnds: true, create };
