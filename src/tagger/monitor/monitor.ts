/** Watches what a tagger sees, and tells how far it is from what the model was trained on. */
import { TaggerError } from '../../core/errors.js';
import type { Baseline } from './baseline.js';
import { type DriftReport, driftOf } from './drift.js';
import { addTallies, noTally } from './tally.js';
import type { Watchers } from './watchers.js';

interface Watched {
  readonly name: string;
  readonly watchers: Watchers;
  readonly baseline?: Baseline;
  /** Tokens of the longest sentence of training. */
  readonly longest?: number;
}

export class Monitor {
  private readonly baseline: Baseline;
  private readonly longest?: number;
  private readonly leave: () => void;
  private tally = noTally;

  /** Begins at once. Throws E_MODEL where the model does not know what its training set was like. */
  constructor({ name, watchers, baseline, longest }: Watched) {
    if (!baseline) throw unknowing(name);
    this.baseline = baseline;
    this.longest = longest;
    this.leave = watchers.add((more) => {
      this.tally = addTallies(this.tally, more);
    });
  }

  /** On all that was tagged since the monitor began, or was reset. */
  report(): DriftReport {
    return driftOf(this.baseline, this.tally, this.longest);
  }

  /** Forgets what was counted: the next report is on what comes now. */
  reset(): void {
    this.tally = noTally;
  }

  /** Ends the watch, which then costs nothing more; the report stays. Ending twice does no harm. */
  end(): void {
    this.leave();
  }

  /** For `using`. */
  [Symbol.dispose](): void {
    this.end();
  }
}

function unknowing(name: string): TaggerError {
  return new TaggerError('E_MODEL', {
    message: `the model ${name} does not know what its training set was like, so there is nothing to compare with`,
    expected: 'a model with monitor.json',
    hint: 'train it again with this version of tagger',
  });
}
