/** The characters of words as layers find them in memory. */

/** Characters by the number of a word: those of word w are values[starts[w]] … values[starts[w + 1] − 1], all i32. */
export interface Characters {
  readonly starts: { readonly address: number };
  readonly values: { readonly address: number };
}
