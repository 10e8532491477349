/** Self-attention of one sentence in float64, from the equations of Vaswani et al. (2017) and Dai et al. (2019). */

export interface Attention {
  readonly t: number;
  readonly heads: number;
  /** Columns of a head. */
  readonly size: number;
  readonly scale: number;
  /** Rows of q, k and v side by side, each of `heads` heads. */
  readonly qkv: Float64Array;
  readonly content: Float64Array;
  /** What a head asks for by distance, and the vector of each distance; absent where there are no positions. */
  readonly position?: Float64Array;
  readonly vectorOf: (distance: number) => ArrayLike<number>;
  /** What dropout multiplies a probability by. */
  readonly kept: (head: number, i: number, j: number) => number;
}

/** The probabilities [H × t × t] before dropout, and out [t × HS]. */
export function attend(problem: Attention): { p: Float64Array; out: Float64Array } {
  const { t, heads, size, kept } = problem;
  const p = new Float64Array(heads * t * t);
  const out = new Float64Array(t * heads * size);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < t; i++) {
      const row = softmax(Array.from({ length: t }, (_, j) => score(problem, head, i, j)));
      p.set(row, (head * t + i) * t);
      for (let j = 0; j < t; j++) {
        for (let column = 0; column < size; column++) {
          const value = problem.qkv[place(problem, j, 2, head) + column];
          out[(i * heads + head) * size + column] += row[j] * kept(head, i, j) * value;
        }
      }
    }
  }
  return { p, out };
}

function score(problem: Attention, head: number, i: number, j: number): number {
  const { size, scale, qkv, content, position, vectorOf } = problem;
  const [q, k] = [place(problem, i, 0, head), place(problem, j, 1, head)];
  const vector = vectorOf(j - i);
  let sum = 0;
  for (let column = 0; column < size; column++) {
    const at = head * size + column;
    sum += (qkv[q + column] + content[at]) * qkv[k + column];
    if (position) sum += (qkv[q + column] + position[at]) * vector[column];
  }
  return scale * sum;
}

/** Where q (0), k (1) or v (2) of a token and a head begins. */
function place({ heads, size }: Attention, token: number, part: number, head: number): number {
  return ((token * 3 + part) * heads + head) * size;
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
