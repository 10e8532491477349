/**
 * A distribution of norms, by bins that are the same for every model and every thread: the first 17 bits of the float, which
 * are its exponent and eight bits behind the point. A bin is at most 0.4 % wide, and the bins have the order of the numbers.
 */

/** Bits of a float that do not count. */
const REST = 15;

/** How many numbers there are by bin. */
export type Histogram = ReadonlyMap<number, number>;

/** Adds numbers, none negative. */
export function addNumbers(to: Map<number, number>, numbers: Float32Array): void {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  for (const pattern of bits) to.set(pattern >>> REST, (to.get(pattern >>> REST) ?? 0) + 1);
}

export function addHistogram(to: Map<number, number>, more: Histogram): void {
  for (const [bin, count] of more) to.set(bin, (to.get(bin) ?? 0) + count);
}

/** The smallest number of a bin, and the bin of a number. */
export const edgeOf = (bin: number): number => new Float32Array(Uint32Array.of(bin * 2 ** REST).buffer)[0];
export const binOf = (number: number): number => new Uint32Array(Float32Array.of(number).buffer)[0] >>> REST;

export const sorted = (histogram: Histogram): [bin: number, count: number][] =>
  [...histogram].sort(([a], [b]) => a - b);

export const totalOf = (histogram: Histogram): number =>
  [...histogram.values()].reduce((sum, n) => sum + n, 0);

/** The number below which a share of all lies, to the width of a bin; NaN where there are none. */
export function quantile(histogram: Histogram, share: number): number {
  const wanted = share * totalOf(histogram);
  let seen = 0;
  for (const [bin, count] of sorted(histogram)) {
    seen += count;
    if (seen >= wanted) return edgeOf(bin);
  }
  return Number.NaN;
}

/** The last bins of so many groups, each with about as many numbers; fewer groups where many numbers are the same. */
export function groupsOf(histogram: Histogram, wanted: number): number[] {
  const each = totalOf(histogram) / wanted;
  const ends: number[] = [];
  let seen = 0;
  for (const [bin, count] of sorted(histogram)) {
    seen += count;
    if (seen >= each * (ends.length + 1)) {
      ends.push(bin);
      // A bin with many numbers takes the place of several groups.
      while (ends.length < Math.floor(seen / each)) ends.push(bin);
    }
  }
  return [...new Set(ends)];
}

/** How many numbers lie in each group; what is beyond the last one belongs to it. */
export function countGroups(histogram: Histogram, ends: readonly number[]): number[] {
  const counts = ends.map(() => 0);
  for (const [bin, count] of histogram) {
    const group = ends.findIndex((end) => bin <= end);
    counts[group < 0 ? ends.length - 1 : group] += count;
  }
  return counts;
}
