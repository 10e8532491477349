/** The scores of a CRF as its kernels take them: masked, and their exponentials in doubles, made anew when they changed. */
import type { Kernels } from '../core/kernels.js';
import { packedBytes } from '../core/packed.js';
import type { Parameter, Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import type { Constraints } from './decoder.js';
import { type ChainWeights, paddedTags } from './recursions.js';
import { FORBIDDEN, type PathScores } from './viterbi.js';

export interface CrfScores extends PathScores {
  /** Address of the transitions as they are: [K × K]. */
  readonly transitions: number;
  readonly exp: ChainWeights;
}

export function crfScores(
  parameters: { readonly start: Parameter; readonly transitions: Parameter; readonly stop: Parameter },
  k: number,
  constraints: Constraints,
  params: Params,
): (run: Run) => CrfScores {
  const forbidden = {
    start: indicesOfFalse(constraints.start),
    transitions: indicesOfFalse(constraints.pairs.flat()),
    stop: indicesOfFalse(constraints.end),
  };
  const fill = (kernels: Kernels, address: number) => {
    const scores = layOut(address, k);
    const { f32, f64, u8 } = params.heap;
    u8.fill(0, address, address + bytesOf(k));
    for (const name of ['start', 'transitions', 'stop'] as const) {
      const at = scores[name] >>> 2;
      f32.set(params.values(parameters[name]), at);
      for (const index of forbidden[name]) f32[at + index] = FORBIDDEN;
    }
    for (const name of ['start', 'stop'] as const) {
      for (let i = 0; i < k; i++) f64[(scores.exp[name] >>> 3) + i] = Math.exp(f32[(scores[name] >>> 2) + i]);
    }
    kernels.pack(k, k, scores.transitions, k, scores.packedTransitions);
    kernels.crf_weights(k, scores.transitions, scores.exp.transitions, scores.exp.transposed);
  };
  const derived = params.derive(bytesOf(k), fill);
  let scores: CrfScores | undefined;
  return ({ kernels }) => {
    const address = derived.fresh(kernels);
    scores ??= layOut(address, k);
    return scores;
  };
}

function bytesOf(k: number): number {
  return layOut(0, k).end;
}

/** The parts of the block at an address, the doubles first; each starts on a 32-byte boundary and has slack behind it. */
function layOut(address: number, k: number): CrfScores & { readonly end: number } {
  const width = paddedTags(k);
  let end = address;
  const take = (bytes: number) => {
    const start = end;
    end += Math.ceil(bytes / 32) * 32 + 32;
    return start;
  };
  const exp = {
    start: take(width * 8),
    transitions: take(width * width * 8),
    stop: take(width * 8),
    transposed: take(width * width * 8),
  };
  const scores = {
    start: take(k * 4),
    transitions: take(k * k * 4),
    packedTransitions: take(packedBytes(k, k)),
    stop: take(k * 4),
  };
  return { ...scores, exp, end };
}

function indicesOfFalse(flags: readonly boolean[]): number[] {
  return flags.flatMap((flag, i) => (flag ? [] : [i]));
}
