/**
 * Which tags a word may have that train does not: those of rare words with the same ending (Brants 2000, TnT, section 2.3).
 * From the ending of no letters to the longest known one, the frequencies of the longer are mixed with what the shorter say:
 * P(t | s) = (f(t, s) / f(s) + θ P(t | s without its first letter)) / (1 + θ), where θ is the standard deviation of the
 * frequencies of tags in train. Words that begin with a capital letter have endings of their own.
 */
const CAPITAL = /^\p{Lu}/u;

interface Ending {
  total: number;
  /** By the number of the tag; most endings have few. */
  readonly tags: Map<number, number>;
}

export class Suffixes {
  private readonly prior: Float64Array;
  private readonly longest: number;
  private readonly theta: number;
  private readonly endings = new Map<string, Ending>();

  /** `prior`: share of each tag in train. `longest`: characters (code points). */
  constructor(prior: Float64Array, longest: number) {
    this.prior = prior;
    this.longest = longest;
    this.theta = standardDeviation(prior);
  }

  /** Counts a rare word with a tag. */
  add(word: string, tag: number, count: number): void {
    for (const key of this.keysOf(word)) {
      const ending = this.endings.get(key) ?? { total: 0, tags: new Map() };
      this.endings.set(key, ending);
      ending.total += count;
      ending.tags.set(tag, (ending.tags.get(tag) ?? 0) + count);
    }
  }

  /** P(t | word) of every tag. */
  probabilities(word: string): Float64Array {
    const { theta } = this;
    const p = this.prior.slice();
    for (const key of this.keysOf(word)) {
      const ending = this.endings.get(key);
      // A longer one is not known either.
      if (!ending) break;
      const { total, tags } = ending;
      for (let t = 0; t < p.length; t++) p[t] = ((tags.get(t) ?? 0) / total + theta * p[t]) / (1 + theta);
    }
    return p;
  }

  /** Numbers that it holds. */
  get size(): number {
    let size = 0;
    for (const { tags } of this.endings.values()) size += tags.size;
    return size;
  }

  /** What it has learnt, as plain data. */
  toJSON(): unknown {
    return Array.from(this.endings, ([key, { tags }]) => [key, ...tags]);
  }

  /** The endings of a word, from that of no letters, told apart by its first letter. */
  private *keysOf(word: string): Generator<string> {
    const letters = Array.from(word).slice(-this.longest || word.length);
    const first = CAPITAL.test(word) ? 'A' : 'a';
    for (let from = letters.length; from >= 0; from--) yield first + letters.slice(from).join('');
  }
}

/** Of a sample, 0 for a single value. */
function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
