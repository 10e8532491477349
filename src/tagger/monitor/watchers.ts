/** Who wants to know what a tagger sees. Without any, nothing is counted. */
import { addTallies, noTally, type Tally } from './tally.js';

export type Watcher = (tally: Tally) => void;

export class Watchers {
  private readonly all = new Set<Watcher>();

  get isEmpty(): boolean {
    return this.all.size === 0;
  }

  /** Tells the watcher of all sentences from now on, until the function that comes back is called. */
  add(watcher: Watcher): () => void {
    this.all.add(watcher);
    return () => void this.all.delete(watcher);
  }

  /** Of sentences that were tagged, in this thread or another. */
  tell(tally: Tally): void {
    for (const watcher of this.all) watcher(tally);
  }

  /** The tally of what is tagged meanwhile. */
  during<T>(work: () => T): { readonly result: T; readonly tally: Tally } {
    let tally = noTally;
    const end = this.add((more) => {
      tally = addTallies(tally, more);
    });
    try {
      return { result: work(), tally };
    } finally {
      end();
    }
  }
}
