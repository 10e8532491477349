/**
 * The parts of which the sequences of a batch consist, as a batch of their own: an encoder may read documents in one piece where
 * the decoder works on their sentences.
 */
import type { Arena } from './arena.js';
import { type Batch, makeBatch } from './batch.js';

export interface Parts {
  readonly batch: Batch;
  /** Addresses: the row in the whole batch of every row of the parts, and the other way round; i32 [N]. */
  readonly rows: number;
  readonly back: number;
}

/** What is known of the sequence on both sides of every part, by rank. */
export interface OpenEnds {
  /** The gold tag before a part that begins inside of a sentence; −1 where the sentence begins with it. */
  readonly before: Int32Array;
  /** 1 where the sentence goes on behind the part. */
  readonly goesOn: Uint8Array;
}

/**
 * `lengths` has the tokens of the parts of every sequence, in order and without gaps; none is empty. Parts are numbered through all
 * sequences. Undefined where each sequence is one part: then the batch is that of the parts.
 */
export function partsOf(
  whole: Batch,
  sequences: readonly Int32Array[],
  lengths: readonly (readonly number[])[],
  arena: Arena,
): Parts | undefined {
  if (lengths.every(({ length }) => length === 1)) return undefined;
  const places = lengths.flatMap((parts, sequence) => {
    let end = 0;
    return parts.map((length) => {
      end += length;
      return { sequence, first: end - length, length };
    });
  });
  const batch = makeBatch(
    places.map(({ sequence, first, length }) => sequences[sequence].subarray(first, first + length)),
    arena,
  );
  const [rows, back] = [arena.words(whole.tokens), arena.words(whole.tokens)];
  const view = arena.heap.i32;
  places.forEach(({ sequence, first, length }, part) => {
    for (let t = 0; t < length; t++) {
      const [row, from] = [rowAt(batch, part, t), rowAt(whole, sequence, first + t)];
      view[(rows >>> 2) + row] = from;
      view[(back >>> 2) + from] = row;
    }
  });
  return { batch, rows, back };
}

function rowAt({ firstRows, rank }: Batch, sentence: number, token: number): number {
  return firstRows[token] + rank[sentence];
}
