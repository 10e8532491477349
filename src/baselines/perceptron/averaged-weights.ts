/**
 * Weights and their average over all steps of training, without adding all of them up at every step: a change of δ at a
 * step after which there are n steps in all, s of them before it, has a share of (n − s) / n in the average.
 * Rows are given out as they first change, since most of them never do.
 */
const FIRST_ROWS = 1024;

export class AveragedWeights {
  /** [rows, width] */
  values: Float32Array;
  readonly width: number;
  /** Σ δ · s of every weight; whole numbers, exact in doubles. */
  private late: Float64Array;
  private used = 0;

  constructor(width: number) {
    this.width = width;
    this.values = new Float32Array(FIRST_ROWS * width);
    this.late = new Float64Array(FIRST_ROWS * width);
  }

  get rows(): number {
    return this.used;
  }

  /** The number of a new row of zeros, or of the given values. */
  addRow(values?: ArrayLike<number>): number {
    const row = this.used++;
    const first = row * this.width;
    if (first === this.values.length) {
      const [old, oldLate] = [this.values, this.late];
      this.values = new Float32Array(2 * old.length);
      this.late = new Float64Array(2 * old.length);
      this.values.set(old);
      this.late.set(oldLate);
    }
    if (values) this.values.set(values, first);
    return row;
  }

  /** Adds to a weight at a step that has `step` steps before it. */
  change(row: number, column: number, by: number, step: number): void {
    const at = row * this.width + column;
    this.values[at] += by;
    this.late[at] += by * step;
  }

  /** The mean of the weights as they were after each of the steps, at least one. */
  average(steps: number): Float32Array {
    const size = this.used * this.width;
    const average = new Float32Array(size);
    for (let i = 0; i < size; i++) average[i] = this.values[i] - this.late[i] / steps;
    return average;
  }
}
