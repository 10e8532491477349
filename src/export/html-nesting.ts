/** Stretches of a text as elements of a page, which may stand in each other but not cross. */

interface Range {
  readonly start: number;
  readonly end: number;
}

/** An element: a stretch, or a part of one that crosses another. */
export interface Piece<T extends Range> extends Range {
  readonly of: T;
  /** Whether the stretch ends here. */
  readonly isLast: boolean;
}

/** In the order in which the elements begin, the outer one first. Where two stretches cross, the later one is cut. */
export function nested<T extends Range>(stretches: readonly T[]): Piece<T>[] {
  const queue = stretches.map((of) => ({ of, start: of.start, end: of.end })).sort(inOrder);
  const pieces: Piece<T>[] = [];
  const ends: number[] = [];
  for (let i = 0; i < queue.length; i++) {
    const { of, start, end } = queue[i];
    while (ends.length > 0 && ends[ends.length - 1] <= start) ends.pop();
    const limit = ends.at(-1) ?? end;
    const isLast = end <= limit;
    if (!isLast) {
      const rest = { of, start: limit, end };
      const next = queue.findIndex((other, k) => k > i && inOrder(rest, other) < 0);
      queue.splice(next < 0 ? queue.length : next, 0, rest);
    }
    pieces.push({ of, start, end: isLast ? end : limit, isLast });
    ends.push(isLast ? end : limit);
  }
  return pieces;
}

const inOrder = (a: Range, b: Range): number => a.start - b.start || b.end - a.end;
