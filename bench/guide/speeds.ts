/** How fast the trained models of the guide are, all of them in one run, one after the other on one thread. */
import { join } from 'node:path';
import { drain } from '../../dist/core/relay.js';
import { Tagger } from '../../dist/index.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { runPipeline } from '../../dist/pipeline/run.js';
import { best, median } from '../measure.js';
import type { Variant } from './variants.js';

export interface Speeds {
  readonly variant: string;
  /** Of the better of two epochs; of the best of some rounds. */
  readonly trainingTokensPerSecond: number;
  readonly taggingTokensPerSecond: number;
  /** Microseconds of a step of a stream; absent where the model cannot. */
  readonly streamStep?: number;
}

const EPOCHS = 2;
const ROUNDS = 3;

type Sentences = readonly (readonly string[])[];

/** Trains anew for the speed alone, in a folder of its own, so that the model stays as it is. */
export async function speedsOf(
  variant: Variant,
  {
    pipeline,
    model,
    sentences,
  }: { readonly pipeline: string; readonly model: string; readonly sentences: Sentences },
): Promise<Speeds> {
  return {
    variant: variant.name,
    trainingTokensPerSecond: await trainingSpeed(pipeline, variant.set, join(model, '..', 'speed')),
    ...(await taggingSpeed(model, sentences)),
  };
}

async function trainingSpeed(name: string, set: readonly string[], output: string): Promise<number> {
  const pipeline = await loadPipeline(name, { set: [...set, `training.epochs=${EPOCHS}`] });
  const rates: number[] = [];
  await drain(runPipeline(pipeline, { output, workers: 1, force: true }), (record) => {
    if (record.kind === 'epoch') rates.push(record.tokensPerSecond);
  });
  return best(rates);
}

/** The first round warms up: V8, and the forms that are remembered. */
async function taggingSpeed(
  directory: string,
  sentences: Sentences,
): Promise<Pick<Speeds, 'taggingTokensPerSecond' | 'streamStep'>> {
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

function stepOf(tagger: Tagger, sentences: Sentences): number {
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
