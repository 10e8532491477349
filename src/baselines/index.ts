/** One line a kind of baseline. */
import { brill } from './brill/brill.js';
import { crf } from './crf/index.js';
import { hmm } from './hmm/hmm.js';
import { majority } from './majority.js';
import { perceptron } from './perceptron/perceptron.js';

export type { BaselineKind, BaselineRecord, BaselineTask, TrainedBaseline } from './baseline.js';

export const baselineKinds = {
  majority,
  brill,
  hmm,
  perceptron,
  crf,
} as const;
