/** What is asked of a CRF, and what comes of it. */

export interface FitOptions {
  /** Half of it times the square of all weights is in the loss. */
  readonly l2: number;
  /** At most. */
  readonly iterations: number;
  /** Training ends when the loss falls by less than this share in ten iterations. */
  readonly tolerance: number;
}

export interface Fit {
  /** Of training, with the reading of features. */
  readonly seconds: number;
  readonly iterations: number;
  /** Of the tokens of dev. */
  readonly tags: readonly (readonly string[])[];
}
