/**
 * How likely a tag is after the two before it: relative frequencies of one, two and three tags, mixed with weights of deleted
 * interpolation (Brants 2000, TnT, figure 1). An edge stands twice before a sentence and once after it, where it is an outcome
 * like any tag.
 */

/** What was never seen is possible too, but behind all that was. */
export const LEAST = 1e-12;

const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

export class Trigrams {
  /** The number of the edge, after those of the tags. */
  readonly edge: number;
  private readonly width: number;
  /** Outcomes: all, of a tag, of a tag after another, of a tag after two others. */
  private outcomes = 0;
  private readonly one: Float64Array;
  private readonly two: Float64Array;
  private readonly three = new Map<number, number>();
  /** How often something comes after a tag, or after two. */
  private readonly afterOne: Float64Array;
  private readonly afterTwo: Float64Array;
  private weights: readonly [one: number, two: number, three: number] = [1, 0, 0];

  constructor(tags: number) {
    this.edge = tags;
    this.width = tags + 1;
    this.one = new Float64Array(this.width);
    this.two = new Float64Array(this.width ** 2);
    this.afterOne = new Float64Array(this.width);
    this.afterTwo = new Float64Array(this.width ** 2);
  }

  /** Counts a sentence. */
  add(tags: readonly number[]): void {
    let [a, b] = [this.edge, this.edge];
    for (const c of [...tags, this.edge]) {
      const key = this.keyOf(a, b, c);
      this.outcomes++;
      this.one[c]++;
      this.two[b * this.width + c]++;
      this.three.set(key, (this.three.get(key) ?? 0) + 1);
      this.afterOne[b]++;
      this.afterTwo[a * this.width + b]++;
      [a, b] = [b, c];
    }
  }

  /**
   * Sets the weights, once all sentences are counted: every trigram votes with its count for the order that foretells it best
   * where it is taken out of the counts itself; of equally good ones, for the shortest.
   */
  interpolate(): readonly [one: number, two: number, three: number] {
    const votes: [number, number, number] = [0, 0, 0];
    for (const [key, count] of this.three) {
      const [a, b, c] = this.tagsOf(key);
      const foretold = [
        share(this.one[c] - 1, this.outcomes - 1),
        share(this.two[b * this.width + c] - 1, this.afterOne[b] - 1),
        share(count - 1, this.afterTwo[a * this.width + b] - 1),
      ];
      votes[foretold.indexOf(Math.max(...foretold))] += count;
    }
    const [one, two, three] = votes.map((vote) => vote / this.outcomes);
    this.weights = [one, two, three];
    return this.weights;
  }

  /** Natural logarithm of the probability of c after a and b. */
  log(a: number, b: number, c: number): number {
    const [one, two, three] = this.weights;
    const count = this.three.get(this.keyOf(a, b, c)) ?? 0;
    const probability =
      one * share(this.one[c], this.outcomes) +
      two * share(this.two[b * this.width + c], this.afterOne[b]) +
      three * share(count, this.afterTwo[a * this.width + b]);
    return Math.log(Math.max(probability, LEAST));
  }

  /** Whether a came before b, at the edge too. */
  isSeen(a: number, b: number): boolean {
    return this.afterTwo[a * this.width + b] > 0;
  }

  /** Counts that were not 0, for all orders. */
  get size(): number {
    const seen = (counts: Float64Array) => counts.reduce((sum, count) => sum + Number(count > 0), 0);
    return seen(this.one) + seen(this.two) + this.three.size;
  }

  /** What it has learnt, as plain data: the counts of one and two tags follow from those of three. */
  toJSON(): unknown {
    return [this.weights, Array.from(this.three, ([key, count]) => [...this.tagsOf(key), count])];
  }

  private keyOf(a: number, b: number, c: number): number {
    return (a * this.width + b) * this.width + c;
  }

  private tagsOf(key: number): readonly [number, number, number] {
    const pair = Math.floor(key / this.width);
    return [Math.floor(pair / this.width), pair % this.width, key % this.width];
  }
}
