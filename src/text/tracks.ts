/**
 * Tracks: what layers read of a token that does not follow from its form, such as the value of a column or the entry of a list
 * that it is part of. One number a token and track, worked out for a whole sentence at once, before it is cut into windows.
 */

/** The words of a sentence, and what its input says of each of them. */
export interface TokenSentence {
  readonly tokens: readonly string[];
  /** Values by the name of their column, one a token. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** Writes the numbers of a sentence, which is not empty, over zeros: a list a track, as long as the sentence. */
export type FillTracks = (sentence: TokenSentence, tracks: readonly Int32Array[]) => void;

/** What an embedding claims. */
export interface TrackFeatures {
  /**
   * So many tracks; returns the number of the first. `make` gives the function that fills them; it is not called where
   * sentences come as numbers, from another thread.
   */
  claim(count: number, make: () => FillTracks): number;
}

const none: readonly Int32Array[] = [];

export class Tracks implements TrackFeatures {
  private readonly makers: { readonly first: number; readonly end: number; readonly fill: FillTracks }[] = [];
  private claimed = 0;

  get count(): number {
    return this.claimed;
  }

  claim(count: number, make: () => FillTracks): number {
    const first = this.claimed;
    this.claimed += count;
    this.makers.push({ first, end: this.claimed, fill: make() });
    return first;
  }

  /** The tracks of a sentence, in order; none where none is claimed. Throws E_COLUMN where a column is missing. */
  encode(sentence: TokenSentence): readonly Int32Array[] {
    if (this.claimed === 0) return none;
    const { length } = sentence.tokens;
    const tracks = Array.from({ length: this.claimed }, () => new Int32Array(length));
    if (length === 0) return tracks;
    for (const { first, end, fill } of this.makers) fill(sentence, tracks.slice(first, end));
    return tracks;
  }
}

/** The tracks of a thread that gets sentences as numbers, claimed in the same order. */
export function numberedTracks(): TrackFeatures {
  let claimed = 0;
  return {
    claim(count) {
      claimed += count;
      return claimed - count;
    },
  };
}
