/** Sentences in the memory that all members of a crew see, as numbers. */
import type { EncodedTokens, TrackLists } from '../core/batch.js';
import type { Memory } from '../core/memory.js';

/** A sentence as training takes it, with gold tags, one a token. */
export interface EncodedSentence extends EncodedTokens {
  readonly tags: Int32Array;
}

/**
 * Addresses: the first token of every sentence and the end, i32 [count + 1]; the form, the tag and the number in every track of
 * every token, i32.
 */
export interface SentencesLayout {
  readonly count: number;
  readonly starts: number;
  readonly forms: number;
  readonly tags: number;
  readonly tracks: readonly number[];
}

export class Sentences {
  readonly layout: SentencesLayout;
  private readonly heap: Memory;

  constructor(heap: Memory, layout: SentencesLayout) {
    this.heap = heap;
    this.layout = layout;
  }

  /** `allocate` gives the memory, in bytes, and gets it back. */
  static store(
    heap: Memory,
    sentences: readonly EncodedSentence[],
    allocate: (bytes: number) => number,
  ): Sentences {
    const tokens = sentences.reduce((sum, { forms }) => sum + forms.length, 0);
    const [starts, forms, tags] = [sentences.length + 1, tokens, tokens].map((n) => allocate(n * 4));
    const tracks = (sentences[0]?.tracks ?? []).map(() => allocate(tokens * 4));
    const view = heap.i32;
    let token = 0;
    sentences.forEach((sentence, s) => {
      view[(starts >>> 2) + s] = token;
      view.set(sentence.forms, (forms >>> 2) + token);
      view.set(sentence.tags, (tags >>> 2) + token);
      sentence.tracks?.forEach((track, i) => {
        view.set(track, (tracks[i] >>> 2) + token);
      });
      token += sentence.forms.length;
    });
    view[(starts >>> 2) + sentences.length] = token;
    return new Sentences(heap, { count: sentences.length, starts, forms, tags, tracks });
  }

  get count(): number {
    return this.layout.count;
  }

  length(sentence: number): number {
    return this.start(sentence + 1) - this.start(sentence);
  }

  /** Views, good until the memory grows. */
  forms(sentence: number): Int32Array {
    return this.view(this.layout.forms, sentence);
  }

  tags(sentence: number): Int32Array {
    return this.view(this.layout.tags, sentence);
  }

  tracks(sentences: readonly number[]): TrackLists {
    return this.layout.tracks.map((address) => sentences.map((sentence) => this.view(address, sentence)));
  }

  private start(sentence: number): number {
    return this.heap.i32[(this.layout.starts >>> 2) + sentence];
  }

  private view(address: number, sentence: number): Int32Array {
    const first = address >>> 2;
    return this.heap.i32.subarray(first + this.start(sentence), first + this.start(sentence + 1));
  }
}
