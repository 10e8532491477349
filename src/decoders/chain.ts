/**
 * The scores of a chain for exact probabilities. The weights of training are exponentials of single precision; these are
 * `Math.exp` in doubles, worked out once for each version of the parameters.
 */
import type { Run } from '../core/run.js';
import { type ChainWeights, paddedTags } from './recursions.js';
import { FORBIDDEN } from './viterbi.js';

/** Scores [K], [K × K] from row to column, and [K]; FORBIDDEN where a tag may not stand. */
export interface ChainScores {
  readonly start: Float32Array;
  readonly transitions: Float32Array;
  readonly stop: Float32Array;
}

export interface Chain extends ChainScores {
  readonly k: number;
  /** Places the exponentials of the scores in the run's arena. */
  place(run: Run): ChainWeights;
}

export const isForbidden = (score: number): boolean => score <= FORBIDDEN / 2;

/** `scores` is asked again whenever the parameters of a run have changed. */
export function chainOf(k: number, scores: (run: Run) => ChainScores): (run: Run) => Chain {
  let made: { readonly version: number; readonly chain: Chain } | undefined;
  return (run) => {
    const { version } = run.params;
    if (made?.version !== version) made = { version, chain: makeChain(k, scores(run)) };
    return made.chain;
  };
}

function makeChain(k: number, scores: ChainScores): Chain {
  const width = paddedTags(k);
  const weights = {
    start: exponentials(scores.start, width),
    transitions: inPanels(scores.transitions, k, width, (from, to) => [from, to]),
    transposed: inPanels(scores.transitions, k, width, (from, to) => [to, from]),
    stop: exponentials(scores.stop, width),
  };
  const place = ({ arena }: Run): ChainWeights => {
    const put = (values: Float64Array) => {
      const address = arena.allocate(values.byteLength);
      arena.heap.f64.set(values, address / 8);
      return address;
    };
    return {
      start: put(weights.start),
      transitions: put(weights.transitions),
      transposed: put(weights.transposed),
      stop: put(weights.stop),
    };
  };
  return { ...scores, k, place };
}

function exponentials(scores: Float32Array, width: number): Float64Array {
  const out = new Float64Array(width);
  scores.forEach((score, i) => {
    out[i] = Math.exp(score);
  });
  return out;
}

/** The layout of the kernel `crf_weights`: panels of four columns. */
function inPanels(
  scores: Float32Array,
  k: number,
  width: number,
  place: (from: number, to: number) => readonly [row: number, column: number],
): Float64Array {
  const out = new Float64Array(width * width);
  scores.forEach((score, i) => {
    const [row, column] = place(Math.floor(i / k), i % k);
    out[((column >>> 2) * width + row) * 4 + (column & 3)] = Math.exp(score);
  });
  return out;
}
