/** Windows of sequences of sentences in the memory that all members of a crew see, as numbers. */
import type { EncodedTokens, TrackLists } from '../core/batch.js';
import type { Memory } from '../core/memory.js';
import { type Cut, sides } from './cut.js';

/** A sentence as training takes it, with gold tags, one a token. */
export interface EncodedSentence extends EncodedTokens {
  readonly tags: Int32Array;
}

/** Addresses of i32: the lists of `Cut`; the form, the tag and the number in every track of every token. */
export interface WindowsLayout {
  readonly count: number;
  readonly sequenceCount: number;
  readonly partCount: number;
  readonly sequences: number;
  readonly windows: number;
  /** Of every window whether it goes on from the one before it. */
  readonly continued: number;
  readonly parts: number;
  readonly open: number;
  readonly forms: number;
  readonly tags: number;
  readonly tracks: readonly number[];
}

export class Windows {
  readonly layout: WindowsLayout;
  private readonly heap: Memory;

  constructor(heap: Memory, layout: WindowsLayout) {
    this.heap = heap;
    this.layout = layout;
  }

  /** `allocate` gives the memory, in bytes. The parts of the cut are those of the sentences, in order. */
  static store(
    heap: Memory,
    sentences: readonly EncodedSentence[],
    cut: Cut,
    allocate: (bytes: number) => number,
  ): Windows {
    const place = (numbers: readonly number[]) => {
      const address = allocate(numbers.length * 4);
      heap.i32.set(numbers, address >>> 2);
      return address;
    };
    const { windows, parts, sequences, open } = cut;
    const begins = new Set(sequences);
    const continued = windows.slice(0, -1).map((_, window) => (begins.has(window) ? 0 : 1));
    const lists = [sequences, windows, parts, open, continued].map(place);
    const tokens = parts[parts.length - 1];
    const trackCount = sentences[0]?.tracks?.length ?? 0;
    const [forms, tags, ...tracks] = Array.from({ length: 2 + trackCount }, () => allocate(tokens * 4));
    const view = heap.i32;
    let token = 0;
    for (const sentence of sentences) {
      view.set(sentence.forms, (forms >>> 2) + token);
      view.set(sentence.tags, (tags >>> 2) + token);
      sentence.tracks?.forEach((track, i) => {
        view.set(track, (tracks[i] >>> 2) + token);
      });
      token += sentence.forms.length;
    }
    return new Windows(heap, {
      count: windows.length - 1,
      sequenceCount: sequences.length - 1,
      partCount: open.length,
      sequences: lists[0],
      windows: lists[1],
      parts: lists[2],
      open: lists[3],
      continued: lists[4],
      forms,
      tags,
      tracks,
    });
  }

  get count(): number {
    return this.layout.count;
  }

  get sequenceCount(): number {
    return this.layout.sequenceCount;
  }

  get partCount(): number {
    return this.layout.partCount;
  }

  /** The windows of a sequence: the first, and the end. */
  windowsOf(sequence: number): readonly [first: number, end: number] {
    return [this.at(this.layout.sequences, sequence), this.at(this.layout.sequences, sequence + 1)];
  }

  /** The parts of a window: the first, and the end. */
  partsOf(window: number): readonly [first: number, end: number] {
    return [this.at(this.layout.windows, window), this.at(this.layout.windows, window + 1)];
  }

  /** Tokens of a window, and of a part. */
  length(window: number): number {
    const [first, end] = this.tokensOf(window);
    return end - first;
  }

  partLength(part: number): number {
    const [first, end] = this.tokensOfPart(part);
    return end - first;
  }

  isContinued(window: number): boolean {
    return this.at(this.layout.continued, window) === 1;
  }

  isOpen(part: number): boolean {
    return this.at(this.layout.open, part) !== 0;
  }

  goesOn(part: number): boolean {
    return (this.at(this.layout.open, part) & sides.behind) !== 0;
  }

  /** The gold tag before a part; −1 where its sentence begins with it. */
  tagBefore(part: number): number {
    if ((this.at(this.layout.open, part) & sides.before) === 0) return -1;
    return this.at(this.layout.tags, this.tokensOfPart(part)[0] - 1);
  }

  /** Views, good until the memory grows. */
  forms(window: number): Int32Array {
    return this.view(this.layout.forms, this.tokensOf(window));
  }

  tags(part: number): Int32Array {
    return this.view(this.layout.tags, this.tokensOfPart(part));
  }

  tracks(windows: readonly number[]): TrackLists {
    return this.layout.tracks.map((address) =>
      windows.map((window) => this.view(address, this.tokensOf(window))),
    );
  }

  private tokensOf(window: number): readonly [first: number, end: number] {
    const [first, end] = this.partsOf(window);
    return [this.at(this.layout.parts, first), this.at(this.layout.parts, end)];
  }

  private tokensOfPart(part: number): readonly [first: number, end: number] {
    return [this.at(this.layout.parts, part), this.at(this.layout.parts, part + 1)];
  }

  private at(address: number, index: number): number {
    return this.heap.i32[(address >>> 2) + index];
  }

  private view(address: number, [first, end]: readonly [first: number, end: number]): Int32Array {
    return this.heap.i32.subarray((address >>> 2) + first, (address >>> 2) + end);
  }
}
