/** The time-major layout of a ragged batch, for kernels: written from the definition, not with `src/core/batch.ts`. */
export interface Ragged {
  /** Lengths of the sentences, from long to short. */
  readonly lengths: readonly number[];
  /** The longest. */
  readonly length: number;
  readonly tokens: number;
  /** First row of every step, and the end. */
  readonly steps: Int32Array;
  row(sentence: number, token: number): number;
  /** The rows of a sentence in order. */
  rows(sentence: number): number[];
}

export function ragged(lengths: readonly number[]): Ragged {
  const length = Math.max(0, ...lengths);
  const steps = [0];
  for (let t = 0; t < length; t++) steps.push(steps[t] + lengths.filter((n) => n > t).length);
  const row = (sentence: number, token: number) => steps[token] + sentence;
  return {
    lengths,
    length,
    tokens: steps[length],
    steps: Int32Array.from(steps),
    row,
    rows: (sentence) => Array.from({ length: lengths[sentence] }, (_, t) => row(sentence, t)),
  };
}

/** One sentence, equal lengths, all lengths different, sentences of one token, and a mixture. */
export const raggedLengths: readonly (readonly number[])[] = [
  [1],
  [4],
  [1, 1, 1],
  [2, 2, 2],
  [4, 3, 2, 1],
  [4, 2, 2, 1, 1],
];
