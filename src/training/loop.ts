/**
 * The training loop: random ragged batches, forward, backward, clip, step; a dev score after every epoch, the best
 * epoch kept. It yields plain records and prints nothing; who reads them may stop it through the signal.
 */
import { Arena } from '../core/arena.js';
import { makeBatch } from '../core/batch.js';
import { TaggerError } from '../core/errors.js';
import { gradientNorm, notFinite } from '../core/gradients.js';
import type { OptionsOf } from '../core/kind.js';
import { Random } from '../core/random.js';
import type { Run } from '../core/run.js';
import type { Network } from '../tagger/network.js';
import { restore, type Snapshot, snapshot } from './best.js';
import { type Optimizer, type optimizerKinds, optimizerOf } from './optimizers.js';
import { factorOf, type scheduleKinds } from './schedules.js';

export interface TrainingOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly clip?: number;
  readonly patience: number;
  readonly optimizer: OptionsOf<typeof optimizerKinds>;
  readonly schedule: OptionsOf<typeof scheduleKinds>;
}

/** A sentence as the network takes it: form ids and gold tags, one each a token. */
export interface EncodedSentence {
  readonly forms: Int32Array;
  readonly tags: Int32Array;
}

export interface StepDone {
  readonly kind: 'step';
  /** Epochs and steps count from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** Mean over the tokens of the epoch so far, in nats. */
  readonly loss: number;
  readonly tokensPerSecond: number;
}

export interface EpochDone<Score> {
  readonly kind: 'epoch';
  readonly epoch: number;
  readonly loss: number;
  /** Learning rate. */
  readonly rate: number;
  /** Mean norm of the gradients, before clipping. */
  readonly gradientNorm: number;
  /** Of training alone, without the dev score. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly dev: Score;
  readonly best: boolean;
}

export interface TrainingResult {
  readonly reason: 'epochs' | 'patience' | 'interrupted';
  readonly epochs: number;
  readonly bestEpoch: number;
  /** Of training alone. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
}

export interface TrainingTask<Score> {
  readonly network: Network;
  readonly sentences: readonly EncodedSentence[];
  readonly options: TrainingOptions;
  readonly seed: number;
  /** Scores the network on dev; called after every epoch. */
  readonly score: () => { value: number; scores: Score };
  readonly signal?: AbortSignal;
}

/** Milliseconds between two step records, when the event loop gets its turn. */
const BREATH = 100;

/**
 * Trains the network in place and leaves it with the parameters of its best epoch on dev (after an interruption too; of
 * the first epoch, as far as it got). Throws E_TRAINING when the loss or a gradient is not finite.
 */
export async function* train<Score>(
  task: TrainingTask<Score>,
): AsyncGenerator<StepDone | EpochDone<Score>, TrainingResult> {
  const { network, options, signal } = task;
  const optimizer = optimizerOf(options.optimizer, network.params, network.engine.kernels);
  const trainer = new Trainer(network, optimizer, options.clip);
  const scores: number[] = [];
  let best: Snapshot | undefined;
  let bestEpoch = 0;
  let tokens = 0;
  let seconds = 0;
  let reason: TrainingResult['reason'] = 'epochs';

  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const rate = options.optimizer.rate * factorOf(options.schedule, scores);
    const totals = yield* trainEpoch(task, trainer, epoch, rate);
    tokens += totals.tokens;
    seconds += totals.seconds;
    if (signal?.aborted) {
      reason = 'interrupted';
      break;
    }
    const { value, scores: dev } = task.score();
    const isBest = bestEpoch === 0 || value > scores[bestEpoch - 1];
    scores.push(value);
    if (isBest) {
      best = snapshot(network.params, best);
      bestEpoch = epoch;
    }
    yield {
      kind: 'epoch',
      epoch,
      loss: totals.loss / totals.tokens,
      rate,
      gradientNorm: totals.norms / totals.steps,
      seconds: totals.seconds,
      tokensPerSecond: totals.tokens / totals.seconds,
      dev,
      best: isBest,
    };
    if (epoch - bestEpoch >= options.patience) {
      reason = 'patience';
      break;
    }
  }
  trainer.release();
  if (best) restore(network.params, best);
  return {
    reason,
    epochs: scores.length,
    bestEpoch,
    seconds,
    tokensPerSecond: tokens / Math.max(seconds, 1e-9),
  };
}

interface Totals {
  loss: number;
  norms: number;
  tokens: number;
  steps: number;
  seconds: number;
}

async function* trainEpoch<Score>(
  { sentences, options, seed, signal }: TrainingTask<Score>,
  trainer: Trainer,
  epoch: number,
  rate: number,
): AsyncGenerator<StepDone, Totals> {
  const order = new Random(seed, epoch).permutation(sentences.length);
  const steps = Math.ceil(sentences.length / options.batch);
  const totals: Totals = { loss: 0, norms: 0, tokens: 0, steps: 0, seconds: 0 };
  let resumed = performance.now();
  for (let step = 1; step <= steps; step++) {
    const chosen = order.subarray((step - 1) * options.batch, step * options.batch);
    const batch = Array.from(chosen, (index) => sentences[index]);
    const { loss, norm, tokens } = trainer.step(batch, rate, new Random(seed, epoch, step), { epoch, step });
    totals.loss += loss;
    totals.norms += norm;
    totals.tokens += tokens;
    totals.steps++;
    const now = performance.now();
    if (now - resumed < BREATH && step < steps) continue;
    totals.seconds += (now - resumed) / 1000;
    yield {
      kind: 'step',
      epoch,
      step,
      steps,
      loss: totals.loss / totals.tokens,
      tokensPerSecond: totals.tokens / totals.seconds,
    };
    await new Promise(setImmediate);
    if (signal?.aborted) break;
    resumed = performance.now();
  }
  return totals;
}

/** One step: the gradient of a batch, clipped, and the optimizer. */
class Trainer {
  private readonly network: Network;
  private readonly optimizer: Optimizer;
  private readonly clip: number;
  private readonly arena: Arena;
  private readonly gradients: number;

  constructor(network: Network, optimizer: Optimizer, clip = Number.POSITIVE_INFINITY) {
    this.network = network;
    this.optimizer = optimizer;
    this.clip = clip;
    this.arena = new Arena(network.engine.heap);
    this.gradients = network.engine.heap.allocateZeros(network.params.size * 4);
  }

  step(
    sentences: readonly EncodedSentence[],
    rate: number,
    random: Random,
    at: { epoch: number; step: number },
  ): { loss: number; norm: number; tokens: number } {
    const { network, arena, gradients } = this;
    const { kernels } = network.engine;
    const { params } = network;
    arena.reset();
    const batch = makeBatch(
      sentences.map(({ forms }) => forms),
      arena,
    );
    const run: Run = { kernels, arena, params, batch, random, gradients, tableGradients: [] };
    const tags = arena.words(batch.tokens);
    const view = arena.heap.i32;
    sentences.forEach((sentence, s) => {
      for (let t = 0; t < sentence.tags.length; t++) {
        view[(tags >>> 2) + batch.firstRows[t] + batch.rank[s]] = sentence.tags[t];
      }
    });
    const [loss, backward] = network.loss(tags, run);
    if (!Number.isFinite(loss)) throw diverged(`the loss is ${loss}`, at);
    backward();
    const norm = gradientNorm(kernels, params, gradients, run.tableGradients);
    if (!Number.isFinite(norm)) {
      const names = notFinite(kernels, params, gradients, run.tableGradients);
      throw diverged(`the gradient of ${names.join(', ') || 'the network'} is not finite`, at);
    }
    this.optimizer.step(gradients, run.tableGradients, rate, norm > this.clip ? this.clip / norm : 1);
    params.version++;
    return { loss, norm, tokens: batch.tokens };
  }

  release(): void {
    this.arena.release();
    this.network.engine.heap.release(this.gradients);
  }
}

function diverged(what: string, { epoch, step }: { epoch: number; step: number }): TaggerError {
  return new TaggerError('E_TRAINING', {
    message: `training diverged: ${what}`,
    place: { record: `epoch ${epoch}, step ${step} (batch ${step} of the epoch)` },
    hint: 'a lower training.optimizer.rate, or training.clip: 5',
  });
}
