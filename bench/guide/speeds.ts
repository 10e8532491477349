/** How fast the models of the guide are, one after the other on one thread. */
import { cpus } from 'node:os';
import { drain } from '../../dist/core/relay.js';
import { Tagger } from '../../dist/index.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { openCorpus } from '../../dist/pipeline/corpus.js';
import { runPipeline } from '../../dist/pipeline/run.js';
import { best, median } from '../measure.js';
import type { Variant } from './variants.js';

export interface Speeds {
  /** The pipeline that was trained. */
  readonly speed: string;
  readonly variant: string;
  readonly machine: string;
  /** Of the better of two epochs; of the best of some rounds. */
  readonly trainingTokensPerSecond: number;
  readonly taggingTokensPerSecond: number;
  /** Microseconds of a step of a stream; absent where the model cannot. */
  readonly streamStep?: number;
}

const EPOCHS = 2;
const ROUNDS = 3;

type Sentences = readonly (readonly string[])[];

/** Trains a model for its speed alone, into `output`, and tags with it. */
export async function speedsOf(
  variant: Variant,
  {
    pipeline,
    output,
    sentences,
  }: { readonly pipeline: string; readonly output: string; readonly sentences: Sentences },
): Promise<Speeds> {
  return {
    speed: pipeline,
    variant: variant.name,
    machine: `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}`,
    trainingTokensPerSecond: Math.round(await trainingSpeed(pipeline, variant.set, output)),
    ...(await taggingSpeed(output, sentences)),
  };
}

/** The words of the sentences of test. */
export async function wordsOf(pipeline: string): Promise<Sentences> {
  const { corpus } = await openCorpus(await loadPipeline(pipeline));
  return (corpus.splits.test ?? corpus.splits.dev).sentences.map(({ tokens }) => tokens);
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
  return {
    taggingTokensPerSecond: Math.round(best(rates)),
    ...(streamStep !== undefined && { streamStep }),
  };
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
