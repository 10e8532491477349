/**
 * The LSTM decoder by its definition, in f64: at token t an LSTM (Gers et al. 2000) reads x_t and the embedding of the tag
 * before, and a softmax over the allowed tags that lead to an allowed end gives the tag.
 */
import type { Constraints } from '../../src/decoders/decoder.js';
import { affine } from './affine.js';
import { crossEntropy, type DecoderDefinition, type Values } from './decoder-definition.js';

interface State {
  readonly h: readonly number[];
  readonly c: readonly number[];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** x [D] · W [D × H]. */
function times(x: readonly number[], weight: Float32Array, width: number): number[] {
  return affine(x, weight, new Float32Array(width))[0];
}

/** One token on; the start is tag K. */
function step(values: Values, x: readonly number[], tag: number, { h, c }: State): State {
  const units = values('recurrent').length / values('bias').length;
  const dim = values('tagWeight').length / (4 * units);
  const embedding = [...values('embedding').subarray(tag * dim, (tag + 1) * dim)];
  const parts = [
    times(x, values('weight'), 4 * units),
    times(embedding, values('tagWeight'), 4 * units),
    times(h, values('recurrent'), 4 * units),
  ];
  const sums = Array.from(values('bias'), (b, i) => parts.reduce((sum, part) => sum + part[i], b));
  const gate = (which: number) => sums.slice(which * units, (which + 1) * units);
  const [i, f, g, o] = [0, 1, 2, 3].map(gate);
  const cell = c.map((before, j) => sigmoid(f[j]) * before + sigmoid(i[j]) * Math.tanh(g[j]));
  return { h: cell.map((value, j) => sigmoid(o[j]) * Math.tanh(value)), c: cell };
}

/** Whether an allowed sequence can end so many tokens after the tag. */
function ends({ pairs, end }: Constraints, tag: number, left: number): boolean {
  if (left === 0) return end[tag];
  return pairs[tag].some((allowed, next) => allowed && ends({ pairs, end, start: [] }, next, left - 1));
}

export const lstmDecoder =
  (smoothing = 0): DecoderDefinition =>
  (values, k, constraints, x) => {
    const { units } = { units: values('recurrent').length / values('bias').length };
    // Many paths begin alike.
    const known = new Map<string, { state: State; logits: readonly number[] }>();
    const after = (tags: readonly number[]): { state: State; logits: readonly number[] } => {
      const key = tags.join();
      const found = known.get(key);
      if (found) return found;
      const t = tags.length;
      const zeros = new Array<number>(units).fill(0);
      const before = t > 0 ? after(tags.slice(0, -1)).state : { h: zeros, c: zeros };
      const state = step(values, x[t], t > 0 ? tags[t - 1] : k, before);
      const [logits] = affine(state.h, values('emission.weight'), values('emission.bias'));
      known.set(key, { state, logits });
      return { state, logits };
    };
    const logitsOf = (path: readonly number[]) => path.map((_, t) => after(path.slice(0, t)).logits);
    return {
      loss: (path) => crossEntropy(logitsOf(path), path, smoothing),
      score: (path) =>
        logitsOf(path).reduce((sum, logits, t) => {
          const follows = t > 0 ? constraints.pairs[path[t - 1]] : constraints.start;
          const masked = logits.map((logit, tag) =>
            follows[tag] && ends(constraints, tag, x.length - 1 - t) ? logit : -Infinity,
          );
          return sum - crossEntropy([masked], [path[t]]);
        }, 0),
    };
  };
