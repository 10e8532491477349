/** Words and their vectors while a source is read, and when it has been. */
import { toHalves } from '../../core/half.js';

export interface VectorTable {
  readonly dim: number;
  /** By row, all different. */
  readonly words: readonly string[];
  /** Row by word. */
  readonly rows: ReadonlyMap<string, number>;
  /** words × dim numbers in half precision. */
  readonly halves: Uint16Array;
  /** How many rows of the source were left out because their word had a row already. */
  readonly duplicates: number;
}

export interface TableBuilder {
  /** So far, by row. */
  readonly words: readonly string[];
  /** Gives a word the next row, of zeros; -1 when it has one already, which is counted. */
  add(word: string): number;
  /** The row of a word, -1 when it has none. */
  row(word: string): number;
  /** Fills a row with `dim` values. */
  write(row: number, values: Float32Array): void;
  /** Adds a word with its vector, unless it has one. */
  append(word: string, values: Float32Array): void;
  finish(): VectorTable;
}

/** What a header may make us reserve. Untouched pages cost nothing; more grows by doubling. */
const reservedNumbers = 2 ** 29;

export function createTable(dim: number, expectedSize = 2 ** 16): TableBuilder {
  const words: string[] = [];
  const rows = new Map<string, number>();
  let duplicates = 0;
  let halves = new Uint16Array(Math.min(expectedSize * dim, reservedNumbers));

  function add(word: string): number {
    if (rows.has(word)) {
      duplicates++;
      return -1;
    }
    const row = words.push(word) - 1;
    rows.set(word, row);
    if (words.length * dim > halves.length) {
      const larger = new Uint16Array(Math.max(2 * halves.length, words.length * dim));
      larger.set(halves);
      halves = larger;
    }
    return row;
  }

  function write(row: number, values: Float32Array): void {
    toHalves(values, halves, row * dim);
  }

  return {
    words,
    add,
    row: (word) => rows.get(word) ?? -1,
    write,
    append(word, values) {
      const row = add(word);
      if (row >= 0) write(row, values);
    },
    finish: () => ({ dim, words, rows, halves: halves.subarray(0, words.length * dim), duplicates }),
  };
}
