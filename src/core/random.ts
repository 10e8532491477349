/**
 * Counter-based random numbers: a stream is a pair of keys, derived from what it is for (seed, epoch, step, …), and its
 * i-th value depends on keys and i alone. The same mixing as `src/kernels/random.ts`.
 */

/** 32 well-mixed bits of a value under two keys. */
export function hash(value: number, key0: number, key1: number): number {
  let x = Math.imul(value ^ key0, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16) ^ key1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

export class Random {
  readonly key0: number;
  readonly key1: number;
  private counter = 0;
  private children = 0;

  /** A stream of its own for every distinct list of numbers. */
  constructor(...path: readonly number[]) {
    let key0 = 0x243f6a88;
    let key1 = 0x85a308d3;
    for (const part of path) {
      key0 = hash(part, key0, key1);
      key1 = hash(part + 1, key1, key0);
    }
    this.key0 = key0 | 0;
    this.key1 = key1 | 0;
  }

  /** The next of this stream's sub-streams: the order of the calls decides which. */
  fork(): Random {
    return new Random(this.key0, this.key1, this.children++);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (hash(this.counter++, this.key0, this.key1) >>> 8) / 2 ** 24;
  }

  /** Uniform among 0 … n − 1, for n ≤ 2²⁴. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** A random order of 0 … n − 1 (Fisher and Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
