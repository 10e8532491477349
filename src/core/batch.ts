/**
 * A ragged batch. Its rows are the tokens of all sentences in time-major order: first the first token of every
 * sentence, then the second of those that have one, …, the sentences sorted from long to short. So a time step is a
 * run of rows, and row b of a step belongs to the same sentence as row b of the step before.
 */
import type { Arena } from './arena.js';

export interface Batch {
  readonly sentences: number;
  readonly tokens: number;
  /** Time steps: the length of the longest sentence. */
  readonly length: number;
  /** Address of the first row of every step and of the end: i32 [length + 1]. */
  readonly steps: number;
  /** The caller's index of each sentence, from long to short. */
  readonly order: Int32Array;
  /** The caller's form id of each row's token. */
  readonly forms: Int32Array;
  /** The row of token t of the caller's sentence s is firstRows[t] + rank[s]. */
  readonly firstRows: Int32Array;
  readonly rank: Int32Array;
  /** Addresses of the tracks, the number of each row's token: i32 [N]. Most networks have none. */
  readonly tracks: readonly number[];
}

/** A sentence as a network takes it: the form ids of its tokens, and the numbers of its tracks where the network has any. */
export interface EncodedTokens {
  readonly forms: Int32Array;
  readonly tracks?: readonly Int32Array[];
}

/** Of every track the numbers of every sentence. */
export type TrackLists = readonly (readonly Int32Array[])[];

/** `sentences` holds the form ids of the tokens; none may be empty. */
export function makeBatch(sentences: readonly Int32Array[], arena: Arena, tracks: TrackLists = []): Batch {
  const count = sentences.length;
  const order = Int32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => sentences[b].length - sentences[a].length || a - b,
  );
  const rank = new Int32Array(count);
  for (let r = 0; r < count; r++) rank[order[r]] = r;
  const length = count > 0 ? sentences[order[0]].length : 0;
  const firstRows = new Int32Array(length + 1);
  let alive = count;
  for (let t = 0; t < length; t++) {
    while (sentences[order[alive - 1]].length <= t) alive--;
    firstRows[t + 1] = firstRows[t] + alive;
  }
  const tokens = firstRows[length];
  /** Numbers of tokens in the order of the rows. */
  const inRows = (lists: readonly Int32Array[]) => {
    const rows = new Int32Array(tokens);
    for (let r = 0; r < count; r++) {
      const list = lists[order[r]];
      for (let t = 0; t < list.length; t++) rows[firstRows[t] + r] = list[t];
    }
    return rows;
  };
  const forms = inRows(sentences);
  const placed = tracks.map((lists) => arena.place(inRows(lists)));
  return {
    sentences: count,
    tokens,
    length,
    steps: arena.place(firstRows),
    order,
    forms,
    firstRows,
    rank,
    tracks: placed,
  };
}

/** The lists of all tracks of some sentences; `count` is the number of tracks. */
export function trackLists(count: number, sentences: readonly EncodedTokens[]): TrackLists {
  return Array.from({ length: count }, (_, track) => sentences.map(({ tracks = [] }) => tracks[track]));
}

/** The distinct forms, and for each row which of them it is. */
export function distinctForms(forms: Int32Array): { distinct: Int32Array; slots: Int32Array } {
  const seen = new Map<number, number>();
  const slots = new Int32Array(forms.length);
  for (let i = 0; i < forms.length; i++) {
    let slot = seen.get(forms[i]);
    if (slot === undefined) {
      slot = seen.size;
      seen.set(forms[i], slot);
    }
    slots[i] = slot;
  }
  return { distinct: Int32Array.from(seen.keys()), slots };
}
