/** One line a kind of baseline. */
import { brill } from './brill/brill.js';
import { hmm } from './hmm/hmm.js';
import { majority } from './majority.js';
import { perceptron } from './perceptron/perceptron.js';

export type { BaselineKind, BaselineRecord, BaselineTask, TrainedBaseline } from './baseline.js';

export const baselineKinds = {
  majority,
  brill,
  hmm,
  perceptron,
} as const;
