/**
 * The training loop: random ragged batches, a step of each by the crew; a dev score after every epoch, the best epoch
 * kept. It yields plain records and prints nothing; who reads them may stop it through the signal.
 */
import { TaggerError } from '../core/errors.js';
import type { Beside } from './beside.js';
import {
  averageBlocks,
  type Blocks,
  besideBlocks,
  copyBlocks,
  fillBlocks,
  parameterBlocks,
  stateBlocks,
  swapBlocks,
} from './blocks.js';
import type { Totals } from './board.js';
import type { Crew } from './crew.js';
import { LocalCrew } from './local-crew.js';
import { monitorsOf } from './monitors.js';
import { rateAt } from './rate.js';
import { bestEpoch, type EpochDone, type Progress, type TrainingState } from './state.js';
import type { StepDone, TrainingResult, TrainingTask, TrainingWarning } from './task.js';
import { Workplace } from './workplace.js';

export type { EpochDone, TrainingState } from './state.js';
export type * from './task.js';
export type { EncodedSentence } from './windows.js';

/** Milliseconds between two step records. */
const PAUSE = 100;

/**
 * Trains the network in place and leaves it with the parameters of its best epoch on dev, after an interruption too;
 * with an average of the weights they are the averaged ones.
 * Throws E_TRAINING when the loss or a gradient is not finite, E_WORKER when a thread dies.
 */
export async function* train<Score>(
  task: TrainingTask<Score>,
): AsyncGenerator<StepDone | EpochDone<Score> | TrainingWarning, TrainingResult> {
  const training = new Training(task);
  try {
    return yield* training.run();
  } finally {
    await training.leave();
  }
}

class Training<Score> {
  private readonly task: TrainingTask<Score>;
  private readonly workplace: Workplace;
  private readonly crew: Crew;
  private progress: Progress<Score>;
  private best?: Blocks;
  private saving: Promise<Error | undefined> = Promise.resolve(undefined);
  private lastSave = performance.now();

  constructor(task: TrainingTask<Score>) {
    const { network, options, crew, checkpoints } = task;
    const { members, assemble } = crew ?? { members: 1, assemble: (at: Workplace) => new LocalCrew(at) };
    this.task = task;
    this.workplace = new Workplace(network, { ...task, ...options, members });
    this.progress = checkpoints?.from?.progress ?? start;
    try {
      if (checkpoints?.from) this.restore(checkpoints.from);
      this.crew = assemble(this.workplace);
    } catch (error) {
      this.workplace.release();
      throw error;
    }
  }

  async *run(): AsyncGenerator<StepDone | EpochDone<Score> | TrainingWarning, TrainingResult> {
    const { options, signal, budget = Number.POSITIVE_INFINITY } = this.task;
    const onAbort = () => this.crew.pause();
    signal?.addEventListener('abort', onAbort);
    try {
      // Steps count when all members are there.
      await this.crew.perform({ ...rest, kind: 'train', first: this.workplace.plan.steps });
      for (;;) {
        const { values } = this.progress;
        if (values.length >= options.epochs) return yield* this.end('epochs');
        if (values.length >= budget) return yield* this.end('budget');
        if (values.length - bestEpoch(values) >= options.patience) return yield* this.end('patience');
        const isWhole = yield* this.trainEpoch();
        if (!isWhole) return yield* this.end('interrupted');
        yield await this.scoreEpoch();
        yield* this.save();
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async leave(): Promise<void> {
    try {
      await this.crew.leave();
      await this.saving;
    } finally {
      this.workplace.release();
    }
  }

  /** The rest of an epoch; whether it came to its end. */
  private async *trainEpoch(): AsyncGenerator<StepDone | TrainingWarning, boolean> {
    const { workplace, crew, task } = this;
    const { board, plan } = workplace;
    const { epoch } = this.progress;
    workplace.cut(epoch);
    board.totals = this.progress.totals;
    for (;;) {
      if (task.signal?.aborted) {
        yield* this.save();
        return false;
      }
      if (this.progress.totals.steps >= plan.steps) return true;
      const { seconds, count, totals } = this.progress;
      const started = performance.now();
      const elapsed = () => seconds + (performance.now() - started) / 1000;
      const order = { kind: 'train', epoch, first: totals.steps, before: count } as const;
      const working = crew.perform(order);
      const isDone = working.then(() => true);
      while (!(await Promise.race([isDone, pause()]))) {
        if (board.totals.steps > totals.steps) yield stepRecord(epoch, plan.steps, board.totals, elapsed());
        if (this.isSaveDue()) crew.pause();
      }
      const now = board.totals;
      const done = count + now.steps - totals.steps;
      this.progress = { ...this.progress, totals: now, seconds: elapsed(), count: done };
      yield stepRecord(epoch, plan.steps, now, this.progress.seconds);
      if (now.steps < plan.steps && !task.signal?.aborted) yield* this.save();
    }
  }

  /** Scores the epoch on dev, and keeps its parameters if it is the best so far. */
  private async scoreEpoch(): Promise<EpochDone<Score>> {
    const { task, workplace, crew } = this;
    const { epoch, totals, seconds, count, epochs, values: earlier } = this.progress;
    const { average } = workplace.method;
    const isAveraged = average !== undefined && epoch >= average.from;
    if (isAveraged) {
      average.close(epoch);
      this.swap(average.weights);
    }
    const tagging = crew.perform({ ...rest, kind: 'tag' });
    // Meanwhile, so that training need not wait for it.
    workplace.cut(epoch + 1);
    await tagging;
    const monitors = monitorsOf(task.network, task.sentences, this.progress.totals.watched);
    const { value, scores } = task.score(workplace.devTags());
    const values = [...earlier, value];
    workplace.board.scores[epoch - 1] = value;
    const isBest = bestEpoch(values) === epoch;
    if (isBest) this.best = copyBlocks(parameterBlocks(task.network.params), this.best);
    // Training goes on from the weights as they are.
    if (isAveraged) this.swap(average.weights);
    const record: EpochDone<Score> = {
      kind: 'epoch',
      epoch,
      loss: totals.loss / totals.tokens,
      rate: rateAt(workplace.plan, { step: count - 1, epoch: epoch - 1, scores: earlier }),
      gradientNorm: totals.norms / totals.steps,
      monitors,
      seconds,
      tokensPerSecond: totals.tokens / seconds,
      dev: scores,
      best: isBest,
    };
    this.progress = { ...start, epoch: epoch + 1, count, epochs: [...epochs, record], values };
    return record;
  }

  /** Puts parameters and their average in each other's place. */
  private swap(average: Beside): void {
    const { params } = this.task.network;
    swapBlocks(parameterBlocks(params), besideBlocks(params, average));
    params.version++;
  }

  private isSaveDue(): boolean {
    const { checkpoints } = this.task;
    return checkpoints !== undefined && performance.now() - this.lastSave > checkpoints.minutes * 60_000;
  }

  /** Begins to save a copy of the state; at most one is on its way. */
  private async *save(): AsyncGenerator<TrainingWarning> {
    const { checkpoints, network } = this.task;
    if (!checkpoints) return;
    yield* this.saved();
    const { method, laneStates } = this.workplace;
    const state = {
      progress: this.progress,
      parameters: copyBlocks(parameterBlocks(network.params)),
      optimizer: copyBlocks(stateBlocks(network.params, method)),
      average: copyBlocks(averageBlocks(network.params, method)),
      states: copyBlocks(laneStates),
      best: this.best && copyBlocks(this.best),
    };
    this.saving = checkpoints.save(state).then(
      () => undefined,
      (error: Error) => error,
    );
    this.lastSave = performance.now();
  }

  /** Waits for the last save. */
  private async *saved(): AsyncGenerator<TrainingWarning> {
    const error = await this.saving;
    this.saving = Promise.resolve(undefined);
    if (error && !(error instanceof TaggerError)) throw error;
    if (error) yield { kind: 'warning', text: `no checkpoint: ${error.message}` };
  }

  private restore({ progress, parameters, optimizer, average, states, best }: TrainingState<Score>): void {
    const { params } = this.task.network;
    const { method, board, laneStates } = this.workplace;
    fillBlocks(parameterBlocks(params), parameters);
    fillBlocks(stateBlocks(params, method), optimizer);
    fillBlocks(averageBlocks(params, method), average ?? new Map());
    fillBlocks(laneStates, states ?? new Map());
    board.scores.set(progress.values.slice(0, board.scores.length));
    this.best = best;
    params.version++;
  }

  private async *end(reason: TrainingResult['reason']): AsyncGenerator<TrainingWarning, TrainingResult> {
    yield* this.saved();
    const { params } = this.task.network;
    if (this.best) fillBlocks(parameterBlocks(params), this.best);
    params.version++;
    const { epochs, values } = this.progress;
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const tokens = epochs.reduce((sum, epoch) => sum + epoch.tokensPerSecond * epoch.seconds, 0);
    return {
      reason,
      epochs: values.length,
      bestEpoch: bestEpoch(values),
      seconds,
      tokensPerSecond: tokens / Math.max(seconds, 1e-9),
      memory: this.workplace.memory,
      waited: [...this.workplace.board.waited],
    };
  }
}

const rest = { epoch: 0, first: 0, before: 0 } as const;

const start = {
  epoch: 1,
  totals: { loss: 0, norms: 0, tokens: 0, steps: 0, watched: [] },
  seconds: 0,
  count: 0,
  epochs: [],
  values: [],
} as const;

function stepRecord(epoch: number, steps: number, totals: Totals, seconds: number): StepDone {
  return {
    kind: 'step',
    epoch,
    step: totals.steps,
    steps,
    loss: totals.loss / totals.tokens,
    tokensPerSecond: totals.tokens / seconds,
  };
}

function pause(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE, false).unref();
  });
}
