/** The scores of all tags after a pair, without those that the scheme forbids; worked out when first asked for. */
import type { AllowedTransitions } from '../../text/schemes.js';
import type { Trigrams } from './trigrams.js';

/** Numbers that are kept, 32 MB of them. */
const MOST = 2 ** 22;

export class Transitions {
  private readonly trigrams: Trigrams;
  private readonly allowed: AllowedTransitions;
  private readonly rows = new Map<number, Float64Array>();

  constructor(trigrams: Trigrams, allowed: AllowedTransitions) {
    this.trigrams = trigrams;
    this.allowed = allowed;
  }

  /** By the number of the third; the edge is the last. */
  readonly after = (a: number, b: number): Float64Array => {
    const { trigrams, rows } = this;
    const width = trigrams.edge + 1;
    // After a pair that was never seen all follows from its second: most pairs of many tags are such.
    const key = trigrams.isSeen(a, b) ? a * width + b : -1 - b;
    const known = rows.get(key);
    if (known) return known;
    const row = Float64Array.from({ length: width }, (_, c) =>
      this.isAllowed(b, c) ? trigrams.log(a, b, c) : -Infinity,
    );
    if (rows.size * width > MOST) rows.clear();
    rows.set(key, row);
    return row;
  };

  private isAllowed(b: number, c: number): boolean {
    const { start, end, pairs } = this.allowed;
    const { edge } = this.trigrams;
    // A sentence may be empty.
    if (c === edge) return b === edge || end[b];
    return b === edge ? start[c] : pairs[b][c];
  }
}
