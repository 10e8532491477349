/** Numbers of tokens in the rows of a run's batch: in the caller's order here, in the batch's order there. */
import { expect } from 'vitest';
import { type Matrix, matrix } from '../../src/core/matrix.js';
import type { Run } from '../../src/core/run.js';

/** Floats between the rows of what is handed to a layer, and before the first. */
const GAP = 3;

/** A matrix with gaps between its rows; NaN when there are no `values`. */
export function place({ arena, batch }: Run, width: number, values?: Float32Array): Matrix {
  const stride = width + GAP;
  const whole = arena.words(batch.tokens * stride + GAP);
  arena.heap.f32.fill(Number.NaN, whole / 4, whole / 4 + batch.tokens * stride + GAP);
  const placed = matrix(whole + GAP * 4, batch.tokens, width, stride);
  if (values) {
    rowsOf(batch).forEach((row, i) => {
      arena.heap.f32.set(values.subarray(i * width, (i + 1) * width), placed.address / 4 + row * stride);
    });
  }
  return placed;
}

export function read({ arena, batch }: Run, { address, cols, stride }: Matrix): Float32Array {
  const out = new Float32Array(batch.tokens * cols);
  rowsOf(batch).forEach((row, i) => {
    const from = address / 4 + row * stride;
    out.set(arena.heap.f32.subarray(from, from + cols), i * cols);
  });
  return out;
}

/** Fails when something was written between the rows of a placed matrix. */
export function expectGaps({ arena }: Run, { address, rows, cols, stride }: Matrix): void {
  for (let i = -GAP; i < rows * stride; i++) {
    if (i >= 0 && i % stride < cols) continue;
    const found = arena.heap.f32[address / 4 + i];
    if (!Number.isNaN(found)) expect.fail(`${found} was written beside row ${Math.floor(i / stride)}`);
  }
}

/** i32 [N] in the batch's order from one number a token, and back. */
export function placeTags({ arena, batch }: Run, tags: ArrayLike<number>): number {
  const address = arena.words(batch.tokens);
  rowsOf(batch).forEach((row, i) => {
    arena.heap.i32[address / 4 + row] = tags[i];
  });
  return address;
}

export function readTags({ arena, batch }: Run, address: number): number[] {
  return rowsOf(batch).map((row) => arena.heap.i32[address / 4 + row]);
}

/** The row of every token, sentence by sentence. */
export function rowsOf({ firstRows, rank, tokens, sentences }: Run['batch']): number[] {
  const rows: number[] = [];
  for (let s = 0; s < sentences; s++) {
    for (let t = 0; t + 1 < firstRows.length && firstRows[t] + rank[s] < firstRows[t + 1]; t++) {
      rows.push(firstRows[t] + rank[s]);
    }
  }
  if (rows.length !== tokens) expect.fail(`a batch of ${tokens} tokens has ${rows.length} rows`);
  return rows;
}

/** Places of a sentence's tokens among all of them. */
export function tokensOf(sentences: readonly Int32Array[], sentence: number): number[] {
  const before = sentences.slice(0, sentence).reduce((sum, { length }) => sum + length, 0);
  return Array.from(sentences[sentence], (_, t) => before + t);
}

/** Rows of some tokens. */
export function pick(values: Float32Array, width: number, tokens: readonly number[]): Float32Array {
  return Float32Array.from(tokens.flatMap((i) => [...values.subarray(i * width, (i + 1) * width)]));
}
