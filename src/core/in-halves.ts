/**
 * Work on many items at once that fails as a whole where one of them is at fault: the work is done again on the halves, and
 * theirs, so that only the item at fault fails.
 */

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** An outcome for each item, in order. */
export function inHalves<T, R>(
  items: readonly T[],
  work: (items: readonly T[]) => readonly R[],
): Outcome<R>[] {
  if (items.length === 0) return [];
  try {
    return work(items).map((value) => ({ value }));
  } catch (error) {
    return items.length === 1 ? [{ error }] : halvesOf(items).flatMap((half) => inHalves(half, work));
  }
}

/** The same for work that takes its time, of which one half is done after the other; there may be fewer results than items. */
export async function inHalvesAsync<T, R>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<readonly R[]>,
  fail: (item: T, error: unknown) => R,
): Promise<R[]> {
  if (items.length === 0) return [];
  try {
    return [...(await work(items))];
  } catch (error) {
    if (items.length === 1) return [fail(items[0], error)];
    const [first, second] = halvesOf(items);
    return [...(await inHalvesAsync(first, work, fail)), ...(await inHalvesAsync(second, work, fail))];
  }
}

function halvesOf<T>(items: readonly T[]): [readonly T[], readonly T[]] {
  const half = items.length >> 1;
  return [items.slice(0, half), items.slice(half)];
}
