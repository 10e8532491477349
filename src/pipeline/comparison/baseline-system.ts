/** A baseline as a system of a comparison: trained on the split that the model was trained on, when the comparison is made. */
import type { BaselineKind, BaselineRecord } from '../../baselines/index.js';
import { baselineKinds } from '../../baselines/index.js';
import type { KindSchema, OptionsOf } from '../../core/kind.js';
import { ownScheme } from '../../text/schemes.js';
import { openCorpus } from '../corpus.js';
import type { Pipeline } from '../schema.js';
import type { System } from './system.js';

export type BaselineOptions = OptionsOf<typeof baselineKinds>;

export interface BaselinePlan {
  readonly options: BaselineOptions;
  /** Its corpus is what is learnt. */
  readonly pipeline: Pipeline;
  /** The folder that paths in the pipeline are relative to. */
  readonly base?: string;
  readonly workers: number;
}

/** Seconds are of training alone, without reading the corpus. Throws E_CORPUS_…, AbortError after the signal. */
export async function* trainBaseline(
  { options, pipeline, base, workers }: BaselinePlan,
  signal?: AbortSignal,
): AsyncGenerator<BaselineRecord, System> {
  const { corpus } = await openCorpus(pipeline, base);
  const { train, dev } = corpus.splits;
  const task = {
    train: train.sentences,
    dev: dev.sentences,
    scheme: corpus.scheme,
    seed: pipeline.seed,
    workers,
    signal,
  };
  // A table of kinds says less of each than that its options are its own.
  const kind = baselineKinds[options.kind] as unknown as BaselineKind<KindSchema>;
  const started = performance.now();
  const trained = yield* kind.train(options, task);
  const { parameters, bytes } = trained;
  return {
    scheme: ownScheme(corpus.scheme),
    size: { parameters, bytes },
    training: { seconds: (performance.now() - started) / 1000 },
    tag: (documents) => trained.tag(documents.flat()),
    close: async () => {},
  };
}
