/**
 * Truncated back-propagation through time (Williams and Peng 1990) as it is done here: a sequence, a sentence or a document, is
 * read window by window. The state goes on from window to window, gradients do not.
 */
import type { Strand } from '../tagger/pieces.js';

/** All lists count through all sequences. */
export interface Cut {
  /** Of every sequence the first window, and the end. */
  readonly sequences: readonly number[];
  /** Of every window the first part, and the end. */
  readonly windows: readonly number[];
  /** Of every part, a sentence or a piece of one, the first token, and the end. */
  readonly parts: readonly number[];
  /** Of every part, whether its sentence begins before it, and whether it goes on behind it. */
  readonly open: readonly OpenSides[];
}

/** Bits. */
export const sides = { before: 1, behind: 2 } as const;
export type OpenSides = number;

/**
 * Windows of at most `k` tokens. A window ends with the last sentence that it has room for; where a sentence is longer than k, after
 * exactly k tokens. `lengths` are those of the sentences, `counts` how many of them each sequence has.
 */
export function cutIntoWindows(lengths: readonly number[], counts: readonly number[], k: number): Cut {
  const cut = { sequences: [0], windows: [0], parts: [0], open: [] as OpenSides[] };
  let sentence = 0;
  for (const count of counts) {
    let room = k;
    let isEmpty = true;
    const close = () => {
      if (isEmpty) return;
      cut.windows.push(cut.open.length);
      [room, isEmpty] = [k, true];
    };
    for (const end = sentence + count; sentence < end; sentence++) {
      let left = lengths[sentence];
      if (left > room) close();
      for (let before = 0; left > 0; before = sides.before) {
        const tokens = Math.min(left, room);
        left -= tokens;
        cut.parts.push(cut.parts[cut.parts.length - 1] + tokens);
        cut.open.push(before | (left > 0 ? sides.behind : 0));
        [room, isEmpty] = [room - tokens, false];
        if (left > 0) close();
      }
    }
    close();
    cut.sequences.push(cut.windows.length - 1);
  }
  return cut;
}

/** The pieces in which sentences of these lengths are read when they are tagged, as windows. */
export function cutOfStrands(lengths: readonly number[], strands: readonly Strand[]): Cut {
  const cut = { sequences: [0], windows: [0], parts: [0], open: lengths.map(() => 0) };
  for (const length of lengths) cut.parts.push(cut.parts[cut.parts.length - 1] + length);
  for (const strand of strands) {
    for (const { end } of strand) cut.windows.push(end);
    cut.sequences.push(cut.windows.length - 1);
  }
  return cut;
}
