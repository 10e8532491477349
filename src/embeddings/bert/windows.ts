/**
 * The pieces of a batch's sentences, each sentence between its marks. A sentence with more pieces than the model has positions is
 * cut into windows of whole words and about one length, which do not see each other; of a word that is longer than a window the
 * first pieces are read. So every word is read once.
 */
import type { Run } from '../../core/run.js';
import type { SentenceRows } from '../../layers/sentence-rows.js';
import type { Lists } from '../../text/forms.js';

export interface Pieces {
  /** Pieces with the marks: P. */
  readonly rows: number;
  /** The rows of every window. */
  readonly windows: readonly SentenceRows[];
  /** Addresses of the number of every piece and of its place in its window: i32 [P]. */
  readonly ids: number;
  readonly places: number;
  /** Address of the row of the first piece of every token of the batch: i32 [N]. */
  readonly firsts: number;
}

export interface Marks {
  /** Before and behind a sentence. */
  readonly begin: number;
  readonly end: number;
  /** Most pieces of a window, with the marks. */
  readonly most: number;
}

/** `lists` has the pieces of every form. */
export function layOutPieces(lists: Lists, { begin, end, most }: Marks, { batch, arena }: Run): Pieces {
  const room = most - 2;
  const [starts, values] = [lists.starts.address >>> 2, lists.values.address >>> 2];
  const ids: number[] = [];
  const places: number[] = [];
  const firsts = new Int32Array(batch.tokens);
  const windows: SentenceRows[] = [];
  const view = arena.heap.i32;
  const add = (id: number, first: number) => {
    places.push(ids.length - first);
    ids.push(id);
  };
  for (const tokens of sentencesOf(batch)) {
    const lists = tokens.map((token) => {
      const form = batch.forms[token];
      const [from, to] = [view[starts + form], view[starts + form + 1]];
      return view.subarray(values + from, values + Math.min(to, from + room));
    });
    const bounds = windowBounds(
      lists.map(({ length }) => length),
      room,
    );
    for (let w = 0; w + 1 < bounds.length; w++) {
      const first = ids.length;
      add(begin, first);
      for (let word = bounds[w]; word < bounds[w + 1]; word++) {
        firsts[tokens[word]] = ids.length;
        for (const id of lists[word]) add(id, first);
      }
      add(end, first);
      windows.push({ first, length: ids.length - first });
    }
  }
  const [idsAt, placesAt, firstsAt] = [Int32Array.from(ids), Int32Array.from(places), firsts].map((numbers) =>
    arena.place(numbers),
  );
  return { rows: ids.length, windows, ids: idsAt, places: placesAt, firsts: firstsAt };
}

/** The rows of the tokens of every sentence, from long to short. */
function sentencesOf({ sentences, length, firstRows }: Run['batch']): number[][] {
  return Array.from({ length: sentences }, (_, rank) => {
    const tokens: number[] = [];
    for (let t = 0; t < length && rank < firstRows[t + 1] - firstRows[t]; t++)
      tokens.push(firstRows[t] + rank);
    return tokens;
  });
}

/** Where windows of at most `room` pieces begin, and the end; there is a word, and none has more pieces than that. */
export function windowBounds(pieces: readonly number[], room: number): number[] {
  const total = pieces.reduce((sum, count) => sum + count, 0);
  // As many windows as are needed, each with an equal share, so that the last one is not left with a word or two.
  const share = total / Math.ceil(total / room);
  const bounds = [0];
  let filled = 0;
  pieces.forEach((count, word) => {
    if (filled > 0 && (filled >= share || filled + count > room)) {
      bounds.push(word);
      filled = 0;
    }
    filled += count;
  });
  return [...bounds, pieces.length];
}
