/** The scores of a CRF as its kernels take them: masked, and their exponentials in doubles, made anew when they changed. */
import type { Parameter, Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import { type Constraints, FORBIDDEN } from './decoder.js';
import type { PathScores } from './viterbi.js';

export interface CrfScores extends PathScores {
  /** Addresses of the exponentials, `paddedTags` wide with zeros; `transposed` is that of transitions. */
  readonly exp: PathScores & { readonly transposed: number };
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
    stop: params.reserve(k * 4),
    exp: {
      start: doubles(width),
      transitions: doubles(width * width),
      stop: doubles(width),
      transposed: doubles(width * width),
    },
  };
  const pairs = Array.from({ length: k * k }, (_, at) => constraints.pair(Math.floor(at / k), at % k));

  const refresh = () => {
    mask(parameters.start, constraints.start, scores.start, (i, exp) => {
      heap.f64[(scores.exp.start >>> 3) + i] = exp;
    });
    mask(parameters.stop, constraints.end, scores.stop, (i, exp) => {
      heap.f64[(scores.exp.stop >>> 3) + i] = exp;
    });
    mask(parameters.transitions, pairs, scores.transitions, (at, exp) => {
      const from = Math.floor(at / k);
      const to = at - from * k;
      heap.f64[(scores.exp.transitions >>> 3) + from * width + to] = exp;
      heap.f64[(scores.exp.transposed >>> 3) + to * width + from] = exp;
    });
  };
  const mask = (
    parameter: Parameter,
    allowed: readonly boolean[],
    address: number,
    store: (index: number, exp: number) => void,
  ) => {
    const values = params.values(parameter);
    for (let i = 0; i < values.length; i++) {
      heap.f32[(address >>> 2) + i] = allowed[i] ? values[i] : FORBIDDEN;
      store(i, allowed[i] ? Math.exp(values[i]) : 0);
    }
  };

  let version = -1;
  return () => {
    if (version !== params.version) refresh();
    version = params.version;
    return scores;
  };
}
