/** What one kind of source of word vectors is; the kinds are in the table of `index.ts`. */
import type { VectorTable } from './table.js';

export interface VectorSource {
  /** Whether a file is of this kind, by its first bytes. */
  detects(head: Buffer): boolean;
  /**
   * Reads a whole file, of which `head` is the start once more. Throws E_VECTORS with everything that is wrong with
   * it; `file` is for the messages.
   */
  read(chunks: AsyncIterable<Buffer>, file: string, head: Buffer): Promise<VectorTable>;
}

/** The line `count dim` at the start of word2vec and fastText files. */
export interface Header {
  readonly size: number;
  readonly dim: number;
}

/** More than any vectors have. */
export const largestDim = 2 ** 14;

export function parseHeader(line: string): Header | undefined {
  const [, size, dim] = (/^(\d+)[ \t]+(\d+)\s*$/.exec(line) ?? []).map(Number);
  return dim >= 1 && dim <= largestDim ? { size, dim } : undefined;
}
