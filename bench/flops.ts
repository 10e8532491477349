/**
 * Floating-point operations of the NCRF++ network, counted from its shapes: the multiplications and additions of its
 * matrix products, 2·m·n·k each, and nothing else (no activation, softmax, dropout, look-up, optimizer or bias).
 *
 * What is not computed does not count: the backward pass of the character CNN touches the winning window of each
 * filter only, and of those only the ones that dropout left. Nor does what is computed in vain: rows of zeros between
 * words, columns that fill up a panel.
 */
import type { shape as shapeOfNetwork } from './model.js';

export interface Work {
  readonly tokens: number;
  readonly sentences: number;
  /** Characters of all tokens. */
  readonly characters: number;
}

export interface Flops {
  readonly characters: number;
  readonly lstmInput: number;
  readonly lstmRecurrence: number;
  readonly emissions: number;
  readonly crf: number;
}

/** Of one epoch of training; batches change nothing, since nothing is padded. */
export function trainingFlops(work: Work, shape: typeof shapeOfNetwork): Flops {
  const { tokens: n, sentences, characters } = work;
  const { wordDim, charDim, filters, width, units, tags: k, dropout } = shape;
  const span = width * charDim;
  const input = wordDim + filters;
  const gates = 4 * units;
  // The first token of a sentence has no state before it: nothing is multiplied with the recurrent weights there.
  const carried = n - sentences;
  return {
    // Forward [characters × span] · [span × F]; backward, for every winner kept, one window into each of dW and dx.
    characters: 2 * characters * span * filters + 2 * (2 * n * filters * span) * (1 - dropout),
    // Two directions; forward x · W, input gradient dz · Wᵀ, weight gradient xᵀ · dz.
    lstmInput: 2 * 3 * (2 * n * input * gates),
    // Two directions; forward h' · U, gradient of h' dz · Uᵀ, weight gradient h'ᵀ · dz.
    lstmRecurrence: 2 * 3 * (2 * carried * units * gates),
    // Forward, input gradient, weight gradient of [N × 2H] · [2H × K].
    emissions: 3 * (2 * n * 2 * units * k),
    // Forward recursion, backward recursion, expected counts of the transitions.
    crf: 3 * (2 * carried * k * k),
  };
}

export function total(flops: Flops): number {
  return Object.values(flops).reduce((sum: number, part: number) => sum + part, 0);
}
