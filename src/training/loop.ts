/**
 * The training loop: random ragged batches, forward, backward, clip, step; a dev score after every epoch, the best
 * epoch kept. It yields plain records and prints nothing; who reads them may stop it through the signal.
 */
import type { OptionsOf } from '../core/kind.js';
import { Random } from '../core/random.js';
import type { Network } from '../tagger/network.js';
import { restore, type Snapshot, snapshot } from './best.js';
import { type optimizerKinds, optimizerOf } from './optimizers.js';
import { factorOf, type scheduleKinds } from './schedules.js';
import { type EncodedSentence, Trainer } from './trainer.js';

export type { EncodedSentence } from './trainer.js';

export interface TrainingOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly clip: number;
  readonly patience: number;
  readonly optimizer: OptionsOf<typeof optimizerKinds>;
  readonly schedule: OptionsOf<typeof scheduleKinds>;
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
 * Trains the network in place and leaves it with the parameters of its best epoch on dev, after an interruption too.
 * Throws E_TRAINING when the loss or a gradient is not finite.
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

  try {
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
  } finally {
    trainer.release();
  }
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
