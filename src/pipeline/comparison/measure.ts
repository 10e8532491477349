/** What a system says of the sentences of a split, and how long that takes. */
import type { ScoredSpan } from '../../tagger/prediction.js';
import type { Documents, System, Tags } from './system.js';

export interface Measured extends Pick<System, 'scheme' | 'size' | 'training'> {
  readonly tags: Tags;
  /** Only of systems that have probabilities. */
  readonly spans?: readonly (readonly ScoredSpan[])[];
  /** The best of some rounds over all sentences, on one thread. */
  readonly tokensPerSecond: number;
  /** Milliseconds for one sentence by itself. */
  readonly latency: { readonly p50: number; readonly p99: number };
}

/** Other processes only ever slow a round down. */
const ROUNDS = 3;
/** Sentences that are tagged one by one, spread over all. */
const SINGLE = 1000;

export async function measure(system: System, documents: Documents): Promise<Measured> {
  // What is tagged first is the result, and warms up.
  const tags = await system.tag(documents);
  const tokens = tags.reduce((sum, { length }) => sum + length, 0);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await timed(() => system.tag(documents)));
  const sentences = documents.flat();
  const count = Math.min(SINGLE, sentences.length);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const sentence = sentences[Math.floor((i * sentences.length) / count)];
    times.push(await timed(() => system.tag([[sentence]])));
  }
  times.sort((a, b) => a - b);
  return {
    scheme: system.scheme,
    size: system.size,
    training: system.training,
    tags,
    spans: system.spans?.(documents),
    tokensPerSecond: (1000 * tokens) / Math.min(...rounds),
    latency: { p50: at(times, 0.5), p99: at(times, 0.99) },
  };
}

/** Milliseconds. */
async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
