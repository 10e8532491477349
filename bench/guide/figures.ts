/** What the guide says of a trained model, measured on this machine. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { engine } from '../../dist/core/engine.js';
import { Tagger } from '../../dist/index.js';
import type { SeedsResult } from '../../dist/pipeline/seeds.js';
import { loadModel } from '../../dist/tagger/model.js';
import { best, median } from '../measure.js';

export interface Figures {
  readonly pipeline: string;
  readonly variant: string;
  /** F1 or accuracy, in percent. */
  readonly metric: 'f1' | 'accuracy';
  readonly dev: readonly number[];
  readonly test: readonly number[];
  /** Best epoch of how many, of each seed. */
  readonly epochs: readonly string[];
  /** Of training, the median of the seeds; of tagging, the best of the rounds. */
  readonly trainingTokensPerSecond: number;
  readonly taggingTokensPerSecond: number;
  readonly parameters: number;
  /** Of all files of the model. */
  readonly bytes: number;
  /** Microseconds of a step of a stream; absent where the model cannot. */
  readonly streamStep?: number;
}

const ROUNDS = 3;

export async function figuresOf(
  { pipeline, variant }: { readonly pipeline: string; readonly variant: string },
  { runs, summary, best: directory }: SeedsResult,
  sentences: readonly (readonly string[])[],
): Promise<Figures> {
  const { metric } = summary;
  return {
    pipeline,
    variant,
    metric,
    dev: runs.map(({ result }) => result.dev[metric]),
    test: runs.flatMap(({ result }) => result.test?.[metric] ?? []),
    epochs: runs.map(({ result }) => `${result.bestEpoch}/${result.epochs}`),
    trainingTokensPerSecond: median(runs.map(({ result }) => result.tokensPerSecond)),
    parameters: await parametersOf(directory),
    bytes: await bytesOf(directory),
    ...(await speedOf(directory, sentences)),
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

/** The first round warms up: V8, and the forms that are remembered. */
async function speedOf(
  directory: string,
  sentences: readonly (readonly string[])[],
): Promise<Pick<Figures, 'taggingTokensPerSecond' | 'streamStep'>> {
  const tagger = await Tagger.load(directory);
  const tokens = sentences.flat().length;
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    tagger.tag(sentences);
    if (round > 0) rates.push((tokens / (performance.now() - start)) * 1000);
  }
  const streamStep = tagger.isStreaming ? stepOf(tagger, sentences) : undefined;
  await tagger.close();
  return { taggingTokensPerSecond: best(rates), ...(streamStep !== undefined && { streamStep }) };
}

function stepOf(tagger: Tagger, sentences: readonly (readonly string[])[]): number {
  const stream = tagger.stream();
  const times: number[] = [];
  for (const sentence of sentences) {
    for (const token of sentence) {
      const start = performance.now();
      stream.push(token);
      times.push((performance.now() - start) * 1000);
    }
    stream.end();
  }
  stream.close();
  return median(times);
}
