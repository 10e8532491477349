/** How good a trained model is, and how large. */
import { openModel } from '../../dist/pipeline/comparison/model-system.js';
import type { SeedsResult } from '../../dist/pipeline/seeds.js';

export interface Figures {
  readonly pipeline: string;
  readonly variant: string;
  /** F1 or accuracy, in percent. */
  readonly metric: 'f1' | 'accuracy';
  readonly dev: readonly number[];
  readonly test: readonly number[];
  /** Best epoch of how many, of each seed. */
  readonly epochs: readonly string[];
  readonly parameters: number;
  /** Of all files of the model. */
  readonly bytes: number;
}

export async function figuresOf(
  { pipeline, variant }: { readonly pipeline: string; readonly variant: string },
  { runs, summary, best: directory }: SeedsResult,
): Promise<Figures> {
  const { metric } = summary;
  const { size, close } = await openModel(directory);
  await close();
  return {
    pipeline,
    variant,
    metric,
    dev: runs.map(({ result }) => result.dev[metric]),
    test: runs.flatMap(({ result }) => result.test?.[metric] ?? []),
    epochs: runs.map(({ result }) => `${result.bestEpoch}/${result.epochs}`),
    ...size,
  };
}
