/** Lists of numbers one after the other in memory that threads share, and blocks of them as jobs of about one size. */
import { sharedInts } from '../../core/shared.js';

/** Those of list i are values[starts[i]] … values[starts[i + 1] − 1]. */
export interface Lists {
  readonly starts: Int32Array;
  readonly values: Int32Array;
}

export function sharedCopy(numbers: readonly number[]): Int32Array {
  const copy = sharedInts(numbers.length);
  copy.set(numbers);
  return copy;
}

export function listsOf(lists: readonly ArrayLike<number>[]): Lists {
  const starts = sharedInts(lists.length + 1);
  for (let i = 0; i < lists.length; i++) starts[i + 1] = starts[i] + lists[i].length;
  const values = sharedInts(starts[lists.length]);
  for (let i = 0; i < lists.length; i++) values.set(lists[i], starts[i]);
  return { starts, values };
}

/** For each number below `count` the lists that have it, in order. */
export function transposed({ starts, values }: Lists, count: number): Lists {
  const ends = sharedInts(count + 1);
  for (const value of values) ends[value + 1]++;
  for (let i = 0; i < count; i++) ends[i + 1] += ends[i];
  const places = ends.slice(0, count);
  const lists = sharedInts(values.length);
  for (let list = 0; list + 1 < starts.length; list++) {
    for (let i = starts[list]; i < starts[list + 1]; i++) lists[places[values[i]]++] = list;
  }
  return { starts: ends, values: lists };
}

/**
 * Cuts lists into blocks with `size` numbers or a little more, where a list itself counts as one: block i has the lists
 * bounds[i] … bounds[i + 1] − 1. A sum that goes block by block is the same whoever did which.
 */
export function blocksOf(starts: Int32Array, size: number): Int32Array {
  const bounds = [0];
  const count = starts.length - 1;
  const weight = (list: number) => starts[list] + list;
  for (let list = 1; list < count; list++) {
    if (weight(list) - weight(bounds[bounds.length - 1]) >= size) bounds.push(list);
  }
  if (count > 0) bounds.push(count);
  return Int32Array.from(bounds);
}
