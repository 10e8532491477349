/**
 * Phrases, runs of words by their numbers, in a memory where every thread finds them: a trie, whose edges are in one hash table
 * with linear probing, at most half full. So a phrase is found or given up in a step a word, however many there are.
 *
 * In the memory: i32 [nodes, mask], i32 slots[mask + 1] (a node, 0 where free), then of every node, the root being 0, i32
 * parents[nodes], words[nodes], marks[nodes].
 */
import type { Params } from '../core/params.js';

/** Some memory, which may be replaced when it grows. */
interface Cells {
  readonly i32: Int32Array;
}

/** The nodes of a trie; a parent comes before its children, and the root first. */
export interface Trie {
  readonly parents: Int32Array;
  readonly words: Int32Array;
  /** The bits of the phrase that ends at the node; 0 where none does. */
  readonly marks: Int32Array;
}

/** A phrase in a sentence: its first word and that after its last, and the bits of the phrase. */
export interface PhraseMatch {
  readonly first: number;
  readonly end: number;
  readonly mark: number;
}

const HEADER = 2;

export class PhraseIndex {
  private readonly cells: Cells;
  private readonly header: number;

  static bytes(nodes: number): number {
    return (HEADER + slotsFor(nodes) + 3 * nodes) * 4;
  }

  /** The index of a trie with so many nodes, which lives as long as the parameters. */
  static reserve(params: Params, nodes: number, trie: () => Trie): PhraseIndex {
    const { heap } = params;
    const address = params.reserve(PhraseIndex.bytes(nodes), (address) => {
      const index = new PhraseIndex(heap, address);
      index.clear(nodes);
      const { parents, words, marks } = trie();
      for (let node = 1; node < nodes; node++) index.add(node, parents[node], words[node], marks[node]);
    });
    return new PhraseIndex(heap, address);
  }

  /** The index that is, or will be, at an address. */
  constructor(cells: Cells, address: number) {
    this.cells = cells;
    this.header = address >>> 2;
  }

  /** All phrases in a sentence, however they overlap: by their first word, then the short ones first. Negative words are in none. */
  matches(words: ArrayLike<number>): PhraseMatch[] {
    const found: PhraseMatch[] = [];
    const marks = this.column(2);
    for (let first = 0; first < words.length; first++) {
      let node = 0;
      for (let at = first; at < words.length && words[at] >= 0; at++) {
        node = this.child(node, words[at]);
        if (node === 0) break;
        const mark = this.cells.i32[marks + node];
        if (mark !== 0) found.push({ first, end: at + 1, mark });
      }
    }
    return found;
  }

  /** For as many nodes: the root alone. */
  clear(nodes: number): void {
    const { i32 } = this.cells;
    const end = this.header + PhraseIndex.bytes(nodes) / 4;
    i32.fill(0, this.header, end);
    i32.set([nodes, slotsFor(nodes) - 1], this.header);
  }

  /** The node behind a word that follows a node; 0 where there is none. */
  child(parent: number, word: number): number {
    return this.cells.i32[this.slotOf(parent, word)];
  }

  add(node: number, parent: number, word: number, mark: number): void {
    const slot = this.slotOf(parent, word);
    const { i32 } = this.cells;
    i32[slot] = node;
    const nodes = i32[this.header];
    const at = this.column(0) + node;
    i32[at] = parent;
    i32[at + nodes] = word;
    i32[at + 2 * nodes] = mark;
  }

  mark(node: number, bits: number): void {
    this.cells.i32[this.column(2) + node] |= bits;
  }

  /** The nodes up to `count`. */
  trie(count: number): Trie {
    const [parents, words, marks] = [0, 1, 2].map((column) => {
      const start = this.column(column);
      return this.cells.i32.slice(start, start + count);
    });
    return { parents, words, marks };
  }

  /** Where a column of the nodes begins. */
  private column(column: number): number {
    const { i32 } = this.cells;
    const [nodes, mask] = [i32[this.header], i32[this.header + 1]];
    return this.header + HEADER + mask + 1 + column * nodes;
  }

  /** Where a child stands, or would. */
  private slotOf(parent: number, word: number): number {
    const { i32 } = this.cells;
    const mask = i32[this.header + 1];
    const slots = this.header + HEADER;
    const [parents, words] = [this.column(0), this.column(1)];
    for (let slot = hash(parent, word) & mask; ; slot = (slot + 1) & mask) {
      const node = i32[slots + slot];
      if (node === 0 || (i32[parents + node] === parent && i32[words + node] === word)) return slots + slot;
    }
  }
}

/** The trie of phrases with their bits; those of equal ones are joined. `words` is the number of words of all phrases. */
export function trieOf(
  phrases: Iterable<{ readonly words: readonly number[]; readonly mark: number }>,
  words: number,
): Trie {
  const index = new PhraseIndex({ i32: new Int32Array(PhraseIndex.bytes(words + 1) / 4) }, 0);
  index.clear(words + 1);
  let nodes = 1;
  for (const phrase of phrases) {
    let node = 0;
    for (const word of phrase.words) {
      let next = index.child(node, word);
      if (next === 0) {
        next = nodes++;
        index.add(next, node, word, 0);
      }
      node = next;
    }
    index.mark(node, phrase.mark);
  }
  return index.trie(nodes);
}

/** A power of two, more than twice the count. */
function slotsFor(count: number): number {
  return 2 ** (Math.floor(Math.log2(count + 1)) + 2);
}

/** Both numbers spread over all bits by odd factors, the high bits folded into the low ones, which the mask takes. */
function hash(parent: number, word: number): number {
  const h = Math.imul(Math.imul(parent, 0x9e3779b1) ^ word, 0x85ebca6b);
  return h ^ (h >>> 15);
}
