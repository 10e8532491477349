/** What the training loop is given, and what it reports. */
import type { EncodedTokens } from '../core/batch.js';
import type { Network } from '../tagger/network.js';
import type { Strand } from '../tagger/pieces.js';
import type { AverageOptions } from './averages/index.js';
import type { Crew } from './crew.js';
import type { OptimizerOptions } from './optimizers/index.js';
import type { ScheduleOptions } from './schedules.js';
import type { TrainingState } from './state.js';
import type { EncodedSentence } from './windows.js';
import type { MemoryUse, Workplace } from './workplace.js';

export interface TrainingOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly tbptt: number | null;
  readonly shards: number;
  readonly clip: number;
  readonly clipValue?: number;
  readonly rates: Readonly<Record<string, number>>;
  readonly patience: number;
  readonly optimizer: OptimizerOptions;
  readonly schedule: ScheduleOptions;
  readonly average: AverageOptions;
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

export interface TrainingWarning {
  readonly kind: 'warning';
  readonly text: string;
}

export interface TrainingResult {
  readonly reason: 'epochs' | 'patience' | 'interrupted' | 'budget';
  readonly epochs: number;
  readonly bestEpoch: number;
  /** Of training alone. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly memory: MemoryUse;
  /** Milliseconds that each member of the crew waited for the others. */
  readonly waited: readonly number[];
}

export interface Checkpoints<Score> {
  /** Minutes between two inside an epoch; there is one at every end of an epoch too. */
  readonly minutes: number;
  /** Throws E_WRITE where it cannot, which is a warning: training goes on. */
  readonly save: (state: TrainingState<Score>) => Promise<void>;
  /** Where to go on. */
  readonly from?: TrainingState<Score>;
}

export interface TrainingTask<Score> {
  readonly network: Network;
  readonly sentences: readonly EncodedSentence[];
  /** How many sentences each document has, where the network reads documents in one piece; without, it reads sentences. */
  readonly documents?: readonly number[];
  readonly dev: readonly EncodedTokens[];
  /** How the sentences of dev are read; without, each by itself. */
  readonly devStrands?: readonly Strand[];
  readonly options: TrainingOptions;
  readonly seed: number;
  /** Scores the tags of the dev sentences, as indices; called after every epoch. */
  readonly score: (tags: readonly Int32Array[]) => { value: number; scores: Score };
  /** Makes the crew of so many members; without, the work is done in this thread. */
  readonly crew?: { readonly members: number; readonly assemble: (workplace: Workplace) => Crew };
  readonly checkpoints?: Checkpoints<Score>;
  /** Epochs in all after which training pauses, to be taken up again. */
  readonly budget?: number;
  readonly signal?: AbortSignal;
}
