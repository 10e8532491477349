/** Float64 recurrences of one sentence, from their equations. */

/** One unit of a step: `z` what comes of x, `p` of h' · U, `state` what is carried. Returns what is carried on, h first, and what is left of z. */
type Unit = (z: number[], p: number[], state: number[]) => { state: number[]; left: number[] };

export interface ReferenceCell {
  /** Numbers a unit that come of x and of h', and that are carried. */
  readonly z: number;
  readonly u: number;
  readonly states: number;
  readonly unit: Unit;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const plain = (activation: (x: number) => number): ReferenceCell => ({
  z: 1,
  u: 1,
  states: 1,
  unit: ([z], [p]) => ({ state: [activation(z + p)], left: [z + p] }),
});

export const referenceCells = {
  /** Gers et al. (2000). */
  lstm: {
    z: 4,
    u: 4,
    states: 2,
    unit(z, p, [, c]) {
      const sums = z.map((value, gate) => value + p[gate]);
      const [i, f, g, o] = [sigmoid(sums[0]), sigmoid(sums[1]), Math.tanh(sums[2]), sigmoid(sums[3])];
      const cell = f * c + i * g;
      return { state: [o * Math.tanh(cell), cell], left: [i, f, g, o] };
    },
  },
  /** Cho et al. (2014), with the reset gate after the product. */
  gru: {
    z: 4,
    u: 3,
    states: 1,
    unit([zn, zr, zk, c], [pr, pk, pq], [h]) {
      const [r, k, q] = [sigmoid(zr + pr), sigmoid(zk + pk), pq + c];
      const n = Math.tanh(zn + r * q);
      return { state: [k * h + (1 - k) * n], left: [n, r, k, q] };
    },
  },
  tanh: plain(Math.tanh),
  relu: plain((x) => Math.max(0, x)),
} satisfies Record<string, ReferenceCell>;

export interface Sentence {
  /** Numbers of every token that come of x. */
  readonly z: readonly Float64Array[];
  /** [H × u·H]. */
  readonly u: Float64Array;
  readonly units: number;
  readonly reverse: boolean;
  /** What is carried before the first token; zeros by default. */
  readonly state?: ArrayLike<number>;
  /** Factors of h' before the product; ones by default. */
  readonly mask?: ArrayLike<number>;
}

export interface Trace {
  h: Float64Array[];
  /** All that is carried after every token, vector after vector. */
  states: Float64Array[];
  /** What is left of z at every token. */
  left: Float64Array[];
  /** h' as it was multiplied. */
  before: Float64Array[];
}

export function recurrentReference(cell: ReferenceCell, sentence: Sentence): Trace {
  const { z, u, units, reverse, state, mask } = sentence;
  const trace: Trace = { h: [], states: [], left: [], before: [] };
  let carried = Float64Array.from({ length: cell.states * units }, (_, i) => state?.[i] ?? 0);
  const part = (values: ArrayLike<number>, count: number, unit: number) =>
    Array.from({ length: count }, (_, i) => values[i * units + unit]);
  for (let step = 0; step < z.length; step++) {
    const token = reverse ? z.length - 1 - step : step;
    const before = carried.slice(0, units).map((h, i) => h * (mask?.[i] ?? 1));
    const product = new Float64Array(cell.u * units);
    before.forEach((h, from) => {
      for (let to = 0; to < product.length; to++) product[to] += h * u[from * product.length + to];
    });
    const [next, left] = [new Float64Array(cell.states * units), new Float64Array(cell.z * units)];
    for (let unit = 0; unit < units; unit++) {
      const result = cell.unit(
        part(z[token], cell.z, unit),
        part(product, cell.u, unit),
        part(carried, cell.states, unit),
      );
      result.state.forEach((value, i) => {
        next[i * units + unit] = value;
      });
      result.left.forEach((value, i) => {
        left[i * units + unit] = value;
      });
    }
    carried = next;
    trace.h[token] = carried.slice(0, units);
    trace.states[token] = carried;
    trace.left[token] = left;
    trace.before[token] = before;
  }
  return trace;
}
