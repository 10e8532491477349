/** The face of a set of word vectors: words, rows and numbers, wherever they came from. */
import { fromHalves } from '../../core/half.js';
import type { VectorTable } from './table.js';

export interface WordVectors {
  /** As the user named them: `glove-100d` or a path. */
  readonly name: string;
  readonly dim: number;
  /** How many words, all different. */
  readonly size: number;
  /** What the user should know though it stops nothing. */
  readonly warnings: readonly string[];
  /** The row of a word exactly as written, -1 when it has none. Rows are in the source's order. */
  row(word: string): number;
  word(row: number): string;
  /** Writes the `dim` numbers of a row to `out` from `offset` on. */
  read(row: number, out: Float32Array, offset?: number): void;
  /** The `dim` numbers of a row as they are stored, in half precision (`core/half.ts`): a view, not to be written. */
  half(row: number): Uint16Array;
}

export function createWordVectors(
  name: string,
  table: VectorTable,
  warnings: readonly string[],
): WordVectors {
  const { dim, words, rows, halves } = table;
  const half = (row: number) => halves.subarray(row * dim, (row + 1) * dim);
  return {
    name,
    dim,
    size: words.length,
    warnings,
    row: (word) => rows.get(word) ?? -1,
    word: (row) => words[row],
    read: (row, out, offset = 0) => fromHalves(half(row), out, offset),
    half,
  };
}
