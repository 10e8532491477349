/** What of the input is done, where chunks may end in another order than they began. */
import type { Chunk } from './chunk.js';
import type { Position } from './source.js';

/** Where a later run goes on: everything up to `after` is done, and the records of some later chunks, by their first and last. */
export interface Reached {
  readonly after?: Position;
  readonly later: readonly (readonly [first: number, last: number])[];
}

export const nothingReached: Reached = { later: [] };

interface Begun {
  readonly first: Position;
  readonly last: Position;
  isDone: boolean;
}

export class Frontier {
  private after: Position | undefined;
  /** Chunks that are not done, and those behind the first of them. */
  private readonly begun: Begun[] = [];
  private readonly skipped: Reached;

  constructor(from: Reached = nothingReached) {
    this.after = from.after;
    this.skipped = from;
  }

  /** Whether a record was done by an earlier run. */
  isDone({ record }: Position): boolean {
    const { after, later } = this.skipped;
    if (after && record <= after.record) return true;
    return later.some(([first, last]) => first <= record && record <= last);
  }

  /** A chunk is being worked on; the function tells that it is done. */
  begin(chunk: Chunk): () => void {
    const begun: Begun = {
      first: chunk[0].position,
      last: chunk[chunk.length - 1].position,
      isDone: false,
    };
    this.begun.push(begun);
    return () => {
      begun.isDone = true;
      while (this.begun[0]?.isDone) this.after = this.begun.shift()?.last;
    };
  }

  get reached(): Reached {
    const done = this.begun.filter(({ isDone }) => isDone);
    const later = done.map(({ first, last }) => [first.record, last.record] as const);
    // What an earlier run had done beyond this frontier is still done.
    const before = this.skipped.later.filter(([, last]) => last > (this.after?.record ?? -1));
    return { after: this.after, later: [...before, ...later] };
  }
}
