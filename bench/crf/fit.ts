/** What is asked of a CRF, and what comes of it. */
import type { BaselineTask } from '../../dist/baselines/index.js';
import type { LabelledSentence } from '../../dist/corpus/labels.js';

export interface FitOptions {
  /** Half of it times the square of all weights is in the loss. */
  readonly l2: number;
  /** At most. */
  readonly iterations: number;
  /** Training ends when the loss falls by less than this share in ten iterations. */
  readonly tolerance: number;
  /** Sentences to tag. */
  readonly untagged: readonly LabelledSentence[];
}

export interface Fit {
  /** Of training, with the reading of features. */
  readonly seconds: number;
  readonly iterations: number;
  /** Of the tokens of `untagged`. */
  readonly tags: readonly (readonly string[])[];
}

export type Fitting = (task: BaselineTask, options: FitOptions) => Promise<Fit>;
