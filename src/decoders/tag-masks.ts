/** Which tag may come next, as scores to add to logits: 0 or FORBIDDEN. A sequence that obeys them can always be ended. */
import type { Params } from '../core/params.js';
import type { Constraints } from './decoder.js';
import { FORBIDDEN } from './viterbi.js';

export interface TagMasks {
  /** Address of the tags that may follow one, [(K + 1) × K]; row K those that may begin a sentence. */
  readonly follow: number;
  /** Address of the tags from which the end can be reached in so many tokens more; `endRow` says in which row. */
  readonly end: number;
  /** The row for `left` more tokens after this one. */
  endRow(left: number): number;
}

export function tagMasks({ start, pairs, end }: Constraints, params: Params): TagMasks {
  const score = (allowed: boolean) => (allowed ? 0 : FORBIDDEN);
  const write = (rows: readonly (readonly boolean[])[]) => {
    const scores = Float32Array.from(rows.flat(), score);
    return params.reserve(scores.byteLength, (address) => params.heap.f32.set(scores, address / 4));
  };
  // Each row follows from the one before, so that they repeat from the first that was there already: at once, as a rule.
  const known = new Map<string, number>();
  const rows: (readonly boolean[])[] = [];
  let row = end;
  for (
    ;
    !known.has(row.join());
    row = pairs.map((to) => to.some((allowed, tag) => allowed && rows[rows.length - 1][tag]))
  ) {
    known.set(row.join(), rows.length);
    rows.push(row);
  }
  const again = known.get(row.join()) ?? 0;
  return {
    follow: write([...pairs, start]),
    end: write(rows),
    endRow: (left) => (left < rows.length ? left : again + ((left - again) % (rows.length - again))),
  };
}
