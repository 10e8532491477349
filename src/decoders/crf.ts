/**
 * Linear-chain conditional random field on linear emissions, with start and stop scores and forbidden transitions masked
 * (Lafferty et al. 2001; Lample et al. 2016). Its loss is the negative log-likelihood of the gold path among the allowed ones.
 */
import { z } from 'zod';
import { type Matrix, matrix } from '../core/matrix.js';
import { packedBytes } from '../core/packed.js';
import type { Parameter, Params } from '../core/params.js';
import { gradient, type Run } from '../core/run.js';
import { zeros } from '../layers/init.js';
import { linear } from '../layers/linear.js';
import { type Constraints, type Decoder, type DecoderKind, FORBIDDEN } from './decoder.js';

export const crfOptions = z.strictObject({
  kind: z.literal('crf'),
});

export type CrfOptions = z.infer<typeof crfOptions>;

function create(
  _options: CrfOptions,
  input: number,
  k: number,
  constraints: Constraints,
  params: Params,
): Decoder {
  const emissions = linear(params, 'decoder.emission', input, k);
  const start = params.claim('decoder.start', [k], zeros);
  const transitions = params.claim('decoder.transitions', [k, k], zeros);
  const stop = params.claim('decoder.stop', [k], zeros);
  const scores = maskedScores({ start, transitions, stop }, k, constraints, params);

  return {
    loss(x, tags, run) {
      const [e, emissionsBackward] = emissions.forward(x, run);
      const { address, gold, dE } = backwardOfPath(e, tags, run);
      const forward = partition(e, run);
      let loss = 0;
      for (const value of forward.logZ) loss += value;
      for (const value of gold) loss -= value;
      return [loss, () => emissionsBackward(addPosteriors(forward, dE, address, run))];
    },

    decode(x, run) {
      const { kernels, arena, batch } = run;
      const [e] = emissions.forward(x, run);
      const { start, transitions, stop } = scores(run);
      const tags = arena.words(batch.tokens);
      kernels.viterbi(
        batch.length,
        batch.steps,
        k,
        e.address,
        start,
        transitions,
        stop,
        arena.words(batch.tokens * k),
        arena.words(batch.tokens * k),
        tags,
      );
      return tags;
    },
  };

  /** Scores of the gold paths, and minus their counts in the gradients. */
  function backwardOfPath(e: Matrix, tags: number, run: Run) {
    const { kernels, arena, batch } = run;
    const masked = scores(run);
    const dE = arena.zeros(batch.tokens * k);
    const dTransitions = arena.zeros(k * k);
    const dStart = arena.zeros(k);
    const dStop = arena.zeros(k);
    const gold = arena.allocate(batch.sentences * 8);
    kernels.crf_gold(
      batch.length,
      batch.steps,
      k,
      tags,
      e.address,
      masked.start,
      masked.transitions,
      masked.stop,
      dE,
      dStart,
      dTransitions,
      dStop,
      gold,
    );
    const sums = arena.heap.f64.slice(gold >>> 3, (gold >>> 3) + batch.sentences);
    return { dE, gold: sums, address: { dStart, dTransitions, dStop } };
  }

  /** The forward recursion: log Z of every sentence, and what the backward recursion needs of it. */
  function partition(e: Matrix, run: Run) {
    const { kernels, arena, batch } = run;
    const { tokens, sentences, length, steps } = batch;
    const masked = scores(run);
    const [E, alpha] = [arena.words(tokens * k), arena.words(tokens * k)];
    const [shift, scale, z] = [arena.words(tokens), arena.words(tokens), arena.words(sentences)];
    kernels.exp_rows(tokens, k, e.address, E, shift);
    kernels.crf_forward(
      length,
      steps,
      k,
      masked.expStart,
      masked.expTransitions,
      masked.expStop,
      E,
      alpha,
      scale,
      z,
    );
    const logZ = new Float64Array(sentences);
    const view = arena.heap.f32;
    for (let b = 0; b < sentences; b++) logZ[b] = Math.log(view[(z >>> 2) + b]);
    for (let t = 0; t < length; t++) {
      const first = batch.firstRows[t];
      for (let row = first; row < batch.firstRows[t + 1]; row++) {
        logZ[row - first] += Math.log(view[(scale >>> 2) + row]) + view[(shift >>> 2) + row];
      }
    }
    return { E, alpha, scale, z, logZ };
  }

  /** Adds the expected counts to the gradients; returns that of the emissions, posterior − gold. */
  function addPosteriors(
    forward: ReturnType<typeof partition>,
    dE: number,
    path: { dStart: number; dTransitions: number; dStop: number },
    run: Run,
  ): Matrix {
    const { kernels, arena, batch } = run;
    const { tokens: n, sentences, length, steps, firstRows } = batch;
    const masked = scores(run);
    const [posteriors, w, before] = [arena.words(n * k), arena.words(n * k), arena.words(n * k)];
    kernels.crf_backward(
      length,
      steps,
      k,
      masked.expTransposed,
      masked.expStop,
      forward.E,
      forward.alpha,
      forward.scale,
      forward.z,
      posteriors,
      w,
    );
    kernels.add(n * k, posteriors, dE);
    kernels.add_columns(sentences, k, posteriors, k, path.dStart);
    for (let t = 0; t < length; t++) {
      const next = t + 1 < length ? firstRows[t + 2] - firstRows[t + 1] : 0;
      const ending = firstRows[t + 1] - firstRows[t] - next;
      kernels.add_columns(ending, k, posteriors + (firstRows[t] + next) * k * 4, k, path.dStop);
    }
    // Expected transitions = exp(transitions) ∘ Σ alpha'ᵀ · w over all tokens but the first of each sentence.
    const inner = n - sentences;
    const counts = arena.zeros(k * k);
    const factor = arena.allocate(packedBytes(inner, k));
    kernels.shift_rows(length, steps, false, k, forward.alpha, k, before);
    kernels.pack(inner, k, w + sentences * k * 4, k, factor);
    kernels.matmul(k, k, inner, before + sentences * k * 4, 1, k, factor, counts, k, false);
    kernels.add_product(k * k, counts, masked.exp, path.dTransitions);
    kernels.add(k, path.dStart, gradient(run, start));
    kernels.add(k * k, path.dTransitions, gradient(run, transitions));
    kernels.add(k, path.dStop, gradient(run, stop));
    return matrix(dE, n, k);
  }
}

/** Addresses of the scores with the mask applied, of their exponentials and of the packed copies of these; made anew when the parameters changed. */
function maskedScores(
  parameters: { start: Parameter; transitions: Parameter; stop: Parameter },
  k: number,
  constraints: Constraints,
  params: Params,
) {
  const forbiddenPairs: number[] = [];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) if (!constraints.pair(i, j)) forbiddenPairs.push(i * k + j);
  }
  const masks = {
    start: constraints.start.flatMap((allowed, i) => (allowed ? [] : [i])),
    transitions: forbiddenPairs,
    stop: constraints.end.flatMap((allowed, i) => (allowed ? [] : [i])),
  };
  const blocks = {
    start: params.reserve(k * 4),
    transitions: params.reserve(k * k * 4),
    stop: params.reserve(k * 4),
    expStart: params.reserve(k * 4),
    exp: params.reserve(k * k * 4),
    expStop: params.reserve(k * 4),
    expTransitions: params.reserve(packedBytes(k, k)),
    expTransposed: params.reserve(packedBytes(k, k)),
  };
  let version = -1;
  return ({ kernels }: Run): typeof blocks => {
    if (version === params.version) return blocks;
    version = params.version;
    for (const name of ['start', 'transitions', 'stop'] as const) {
      const at = blocks[name] >>> 2;
      params.heap.f32.set(params.values(parameters[name]), at);
      for (const index of masks[name]) params.heap.f32[at + index] = FORBIDDEN;
    }
    kernels.exp(k, blocks.start, blocks.expStart);
    kernels.exp(k * k, blocks.transitions, blocks.exp);
    kernels.exp(k, blocks.stop, blocks.expStop);
    kernels.pack(k, k, blocks.exp, k, blocks.expTransitions);
    kernels.pack_transposed(k, k, blocks.exp, k, blocks.expTransposed);
    return blocks;
  };
}

export const crf: DecoderKind<typeof crfOptions> = { options: crfOptions, create };
