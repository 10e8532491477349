/**
 * The distribution of a decoder over the allowed tag sequences of every sentence of a batch: exact for a chain, where sums over
 * all sequences can be made token by token; for others what a beam search sees of it (see beam-distribution.ts).
 */

/** A sequence of tags, as indices, and its probability among all allowed ones. */
export interface TagSequence {
  readonly tags: Int32Array;
  readonly probability: number;
}

/** Lives as long as the working memory of its run: until the next pass. Sentences are the caller's. */
export interface Distribution {
  /** The best sequence of sentence s, as `decode` finds it. */
  bestTags(s: number): Int32Array;
  /**
   * Probability that a sequence drawn for sentence s has these tags on the tokens from `first` on, whatever the others
   * have: a token's posterior for one tag, the posterior of an entity for its B … E or S, that of a whole sequence for all
   * of its tags. Where the scores of the model make it no number, E_MODEL.
   */
  probability(s: number, first: number, tags: ArrayLike<number>): number;
  /** The posteriors of all tags at token t of sentence s: [K], sum 1. Throws as `probability`. */
  posteriors(s: number, t: number): Float64Array;
  /**
   * The n most probable sequences of sentence s, all of them where fewer are allowed. The first is `bestTags`, but where that was
   * searched with a narrower beam, which may have missed a better one.
   */
  nBest(s: number, n: number): TagSequence[];
}
