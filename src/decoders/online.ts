/**
 * The best path of a sentence whose tokens come one by one (online Viterbi). A tag is given as soon as all paths that can still
 * become the best agree on it, and then it is that of the whole sentence; or when `lag` more tokens have come, and then it is
 * that of the best path so far, to which all that follows keeps.
 */
import type { Matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';
import type { Linear } from '../layers/linear.js';
import { type Chain, type ChainScores, isForbidden } from './chain.js';

export interface OnlineDecoder {
  /** Takes the vector of the next token, [1 × D]; gives the tags that are settled now, of the earliest tokens first. */
  push(x: Matrix, run: Run): number[];
  /** The tags that are left at the end of the sentence. The next token begins another one. */
  end(): number[];
}

/** Of a decoder whose sequences score the sum of emissions and of a chain. */
export function onlineDecoder(emissions: Linear, chain: (run: Run) => Chain): (lag: number) => OnlineDecoder {
  return (lag) => {
    let paths: OnlineViterbi | undefined;
    return {
      push(x, run) {
        const [{ address, cols }] = emissions.forward(x, run);
        paths ??= new OnlineViterbi(chain(run), lag);
        return paths.push(run.arena.heap.f32.subarray(address >>> 2, (address >>> 2) + cols));
      },
      end: () => paths?.end() ?? [],
    };
  };
}

export class OnlineViterbi {
  private readonly scores: ChainScores;
  private readonly k: number;
  private readonly lag: number;
  /** Of the best path to every tag of the last token; added up in single precision, as the kernel does it for whole sentences. */
  private delta: Float32Array;
  private next: Float32Array;
  /** For every token that is not settled, the tag before it on the best path to each of its tags. */
  private readonly pending: Int32Array[] = [];
  private isFirst = true;

  constructor(scores: ChainScores, lag: number) {
    this.scores = scores;
    this.k = scores.start.length;
    this.lag = lag;
    this.delta = new Float32Array(this.k);
    this.next = new Float32Array(this.k);
  }

  /** `emissions` [K] of the next token. */
  push(emissions: Float32Array): number[] {
    const { k, delta, isFirst } = this;
    const back = new Int32Array(k);
    if (isFirst) delta.set(this.scores.start);
    else this.extend(back);
    for (let j = 0; j < k; j++) this.delta[j] += emissions[j];
    this.isFirst = false;
    this.pending.push(back);
    return [...this.agreed(), ...this.forced()];
  }

  end(): number[] {
    if (this.isFirst) return [];
    const { stop } = this.scores;
    const last = argmax(this.k, (j) => Math.fround(this.delta[j] + stop[j]));
    this.isFirst = true;
    return this.settle(this.pending.length - 1, last);
  }

  /** The best path to every tag of the next token, without its emissions. */
  private extend(back: Int32Array): void {
    const { k, delta, next } = this;
    const { transitions } = this.scores;
    next.fill(Number.NEGATIVE_INFINITY);
    for (let i = 0; i < k; i++) {
      const before = delta[i];
      for (let j = 0; j < k; j++) {
        const value = Math.fround(before + transitions[i * k + j]);
        if (value > next[j]) {
          next[j] = value;
          back[j] = i;
        }
      }
    }
    this.delta = next;
    this.next = delta;
  }

  /** Settles the tokens on whose tags all paths agree. */
  private agreed(): number[] {
    let tags = new Set(indices(this.k).filter((j) => !isForbidden(this.delta[j])));
    for (let token = this.pending.length - 1; token >= 0; token--) {
      if (tags.size === 1) return this.settle(token, [...tags][0]);
      const back = this.pending[token];
      tags = new Set([...tags].map((tag) => back[tag]));
    }
    return [];
  }

  /** Settles the tokens for which no more can be waited, and gives up the paths through other tags. */
  private forced(): number[] {
    const due = this.pending.length - 1 - this.lag;
    if (due < 0) return [];
    const tag = this.tagAt(
      due,
      argmax(this.k, (j) => this.delta[j]),
    );
    for (let j = 0; j < this.k; j++) {
      if (this.tagAt(due, j) !== tag) this.delta[j] = Number.NEGATIVE_INFINITY;
    }
    return this.settle(due, tag);
  }

  /** The tag of a pending token on the best path to a tag of the last one. */
  private tagAt(token: number, last: number): number {
    let tag = last;
    for (let later = this.pending.length - 1; later > token; later--) tag = this.pending[later][tag];
    return tag;
  }

  /** The tags of all pending tokens up to one that has the given tag. */
  private settle(token: number, tag: number): number[] {
    const settled = this.pending.splice(0, token + 1);
    const tags = new Array<number>(token + 1);
    for (let at = token, now = tag; at >= 0; now = settled[at--][now]) tags[at] = now;
    return tags;
  }
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The first index with the greatest value. */
function argmax(n: number, value: (index: number) => number): number {
  let best = 0;
  for (let i = 1; i < n; i++) if (value(i) > value(best)) best = i;
  return best;
}
