/**
 * How a document is read by a model that has learnt from documents: in pieces of whole sentences, one behind the other, each going on
 * where the piece before it has stopped. Models of single sentences read each as a document of its own.
 */

/** A sentence, or a window of one that is too long to be read at once. */
export interface Unit {
  readonly tokens: number;
  /** Nothing is carried into it or behind it. */
  readonly alone?: boolean;
}

/** Units first … end − 1, counted through all documents. */
export interface Piece {
  readonly first: number;
  readonly end: number;
  readonly tokens: number;
}

/** Pieces that go on from one to the next. */
export type Strand = readonly Piece[];

/** Pieces of at most `size` tokens, or of one unit that has more. Units without tokens are left out. */
export function strandsOf(documents: readonly (readonly Unit[])[], size: number): Strand[] {
  const strands: Piece[][] = [];
  let unit = 0;
  for (const units of documents) {
    let strand: Piece[] | undefined;
    for (const { tokens, alone = false } of units) {
      const [first, end] = [unit, ++unit];
      if (tokens === 0) continue;
      const last = strand?.at(-1);
      if (alone) {
        strands.push([{ first, end, tokens }]);
        strand = undefined;
      } else if (!strand || !last) {
        strand = [{ first, end, tokens }];
        strands.push(strand);
      } else if (last.tokens + tokens <= size && last.end === first) {
        strand[strand.length - 1] = { first: last.first, end, tokens: last.tokens + tokens };
      } else strand.push({ first, end, tokens });
    }
  }
  return strands;
}

/** Neighbours that are read side by side: of every group the first strand, and the end of all. No step of a group has more tokens than `limit`, unless it is of one strand. */
export function groupsOf(strands: readonly Strand[], limit: number): number[] {
  const bounds = [0];
  let tokens = 0;
  strands.forEach((strand, s) => {
    const widest = strand.reduce((most, piece) => Math.max(most, piece.tokens), 0);
    if (tokens > 0 && tokens + widest > limit) {
      bounds.push(s);
      tokens = 0;
    }
    tokens += widest;
  });
  if (strands.length > 0) bounds.push(strands.length);
  return bounds;
}
