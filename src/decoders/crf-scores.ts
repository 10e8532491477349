/** The scores of a CRF as its kernels take them: masked, and their exponentials in doubles, made anew when they changed. */
import { packedBytes } from '../core/packed.js';
import type { Parameter, Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import { type Constraints, FORBIDDEN } from './decoder.js';
import type { PathScores } from './viterbi.js';

export interface CrfScores extends PathScores {
  /** Address of the transitions as they are: [K × K]. */
  readonly transitions: number;
  /** Addresses of the exponentials, `paddedTags` wide with zeros; the matrices packed as `crf_weights` does. */
  readonly exp: {
    readonly start: number;
    readonly transitions: number;
    readonly transposed: number;
    readonly stop: number;
  };
}

/** Width of the arrays of doubles over k tags. */
export function paddedTags(k: number): number {
  return Math.ceil(k / 4) * 4;
}

export function crfScores(
  parameters: { readonly start: Parameter; readonly transitions: Parameter; readonly stop: Parameter },
  k: number,
  constraints: Constraints,
  params: Params,
): (run: Run) => CrfScores {
  const width = paddedTags(k);
  const { heap } = params;
  const doubles = (count: number) => {
    const address = params.reserve(count * 8);
    heap.f64.fill(0, address >>> 3, (address >>> 3) + count);
    return address;
  };
  const scores: CrfScores = {
    start: params.reserve(k * 4),
    transitions: params.reserve(k * k * 4),
    packedTransitions: params.reserve(packedBytes(k, k)),
    stop: params.reserve(k * 4),
    exp: {
      start: doubles(width),
      transitions: doubles(width * width),
      stop: doubles(width),
      transposed: doubles(width * width),
    },
  };
  const forbidden = {
    start: indicesOfFalse(constraints.start),
    transitions: indicesOfFalse(
      Array.from({ length: k * k }, (_, at) => constraints.pair(Math.floor(at / k), at % k)),
    ),
    stop: indicesOfFalse(constraints.end),
  };

  const refresh = ({ kernels }: Run) => {
    for (const name of ['start', 'transitions', 'stop'] as const) {
      const at = scores[name] >>> 2;
      heap.f32.set(params.values(parameters[name]), at);
      for (const index of forbidden[name]) heap.f32[at + index] = FORBIDDEN;
    }
    for (const name of ['start', 'stop'] as const) {
      for (let i = 0; i < k; i++)
        heap.f64[(scores.exp[name] >>> 3) + i] = Math.exp(heap.f32[(scores[name] >>> 2) + i]);
    }
    kernels.pack(k, k, scores.transitions, k, scores.packedTransitions);
    kernels.crf_weights(k, scores.transitions, scores.exp.transitions, scores.exp.transposed);
  };

  let version = -1;
  return (run) => {
    if (version !== params.version) refresh(run);
    version = params.version;
    return scores;
  };
}

function indicesOfFalse(flags: readonly boolean[]): number[] {
  return flags.flatMap((flag, i) => (flag ? [] : [i]));
}
