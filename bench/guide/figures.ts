/** How good a trained model is, and how large. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { engine } from '../../dist/core/engine.js';
import type { SeedsResult } from '../../dist/pipeline/seeds.js';
import { loadModel } from '../../dist/tagger/model.js';

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
  return {
    pipeline,
    variant,
    metric,
    dev: runs.map(({ result }) => result.dev[metric]),
    test: runs.flatMap(({ result }) => result.test?.[metric] ?? []),
    epochs: runs.map(({ result }) => `${result.bestEpoch}/${result.epochs}`),
    parameters: await parametersOf(directory),
    bytes: await bytesOf(directory),
  };
}

async function parametersOf(directory: string): Promise<number> {
  const { network } = await loadModel(directory, engine());
  const { size, tables } = network.params;
  const count = tables.reduce((sum, { rows, dim }) => sum + rows * dim, size);
  network.release();
  return count;
}

async function bytesOf(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
