/**
 * What layers put out for some sentences of the training set: lengths of vectors, and gates that are shut or open all the
 * time, which learn no more. Without dropout and always on the same sentences, so that epochs can be compared.
 */
import { Arena } from '../core/arena.js';
import { makeBatch, trackLists } from '../core/batch.js';
import { rowNorms } from '../core/norms.js';
import type { Probe } from '../core/run.js';
import { inferenceRun, type SharedNetwork } from '../tagger/network.js';
import { short } from './watch.js';
import type { EncodedSentence } from './windows.js';

/** Tokens that are looked at, about: some hundredths of a second an epoch. */
const TOKENS = 512;
/** Gates beyond these are saturated. */
const [SHUT, OPEN] = [0.05, 0.95];

export interface Activations {
  /** Norms of the vectors of tokens by layer; `encoder` is what the decoder sees. */
  readonly states: Readonly<Record<string, { readonly mean: number; readonly max: number }>>;
  /** Shares of values below 0.05 or above 0.95, by layer and gate; empty where there are no gates. */
  readonly saturation: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The packed copies of the parameters must be up to date, whoever made them. */
export function activationsOf(network: SharedNetwork, sentences: readonly EncodedSentence[]): Activations {
  const { engine, params, stack } = network;
  for (const copy of params.derived) copy.markFresh();
  const arena = new Arena(engine.heap);
  try {
    const meter = new Meter();
    const some = sample(sentences);
    const tracks = trackLists(some[0]?.tracks?.length ?? 0, some);
    const batch = makeBatch(
      some.map(({ forms }) => forms),
      arena,
      tracks,
    );
    stack.encode({ ...inferenceRun(network, batch, arena), probe: meter });
    return meter.activations;
  } finally {
    arena.release();
  }
}

/** Sentences from all over the set, as many as have so many tokens, and one at least. */
function sample(sentences: readonly EncodedSentence[]): EncodedSentence[] {
  const all = sentences.reduce((sum, { forms }) => sum + forms.length, 0);
  const step = Math.max(1, Math.floor(all / TOKENS));
  return sentences.filter((_, i) => i % step === 0);
}

class Meter implements Probe {
  private readonly norms = new Map<string, Float32Array>();
  private readonly shares: Record<string, Record<string, number>> = {};

  states: Probe['states'] = (layer, vectors, run) => {
    this.norms.set(layer, rowNorms(vectors, run));
  };

  gate: Probe['gate'] = (layer, gate, { address, rows, cols, stride }, { kernels }) => {
    const outside = kernels.count_outside(rows, cols, address, stride, SHUT, OPEN);
    this.shares[layer] = { ...this.shares[layer], [gate]: short(outside / (rows * cols)) };
  };

  get activations(): Activations {
    const states = Array.from(this.norms, ([layer, norms]) => {
      const sum = norms.reduce((total, norm) => total + norm, 0);
      const most = norms.reduce((largest, norm) => Math.max(largest, norm), 0);
      return [layer, { mean: short(sum / norms.length), max: short(most) }] as const;
    });
    return { states: Object.fromEntries(states), saturation: this.shares };
  }
}
