/** Every encoder by itself at equal width: training and tagging speed, and the share of the matrix product's rate; a step of a stream. */
import { Arena } from '../dist/core/arena.js';
import { makeBatch } from '../dist/core/batch.js';
import { engine } from '../dist/core/engine.js';
import { type Matrix, matrix } from '../dist/core/matrix.js';
import { Params } from '../dist/core/params.js';
import { Random } from '../dist/core/random.js';
import type { Run } from '../dist/core/run.js';
import { createEncoder, type EncoderConfig, encoderSchema, encodersSchema } from '../dist/encoders/index.js';
import { encoderFlops } from './encoder-flops.js';
import { best, calibrate, median, sample } from './measure.js';
import type { Part, PartResult } from './part.js';
import { columns, inner, noise, ourProduct, productFlops } from './product.js';
import { stepsOfStreams } from './stream-steps.js';
import { percent, ratio, type Table, verdict, whole } from './table.js';
import { inventSentences } from './text.js';

/** Columns of a token before and behind the encoder: those of the network of NCRF++. */
const INPUT = 150;
const WIDTH = 200;
const BATCHES = 40;
const BATCH = 10;
const ROUNDS = 9;
const ROWS = 512;
const required = { gru: 1.2 };

/** Without dropout, which is not the encoder's own work. */
const still = { inputDropout: 0, outputDropout: 0 };
const recurrent = { units: WIDTH / 2, ...still };
const cnn = { kind: 'cnn', filters: WIDTH, ...still };
const measured: Readonly<Record<string, object>> = {
  rnn: { kind: 'rnn', ...recurrent },
  gru: { kind: 'gru', ...recurrent },
  lstm: { kind: 'lstm', ...recurrent },
  cnn,
  transformer: {
    kind: 'transformer',
    units: WIDTH,
    feedForward: 2 * WIDTH,
    attentionDropout: 0,
    residualDropout: 0,
    ...still,
  },
  'cnn → lstm': [
    { ...cnn, blocks: 1 },
    { kind: 'lstm', ...recurrent },
  ],
};

interface Figures {
  readonly parameters: number;
  readonly training: readonly number[];
  readonly tagging: readonly number[];
  /** FLOP a token of the forward pass. */
  readonly flops: number;
}

function run(): Promise<PartResult> {
  const lengths = batchesOfLengths();
  const trials = Object.entries(measured).map(([name, options]) => ({ name, ...trialOf(options, lengths) }));
  const matmul = ourProduct(engine(), noise(ROWS * inner), noise(inner * columns));
  const times = calibrate((n) => matmul.run(n), 20);
  const products: number[] = [];
  // The first round warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { training, tagging, train, tag } of trials) {
      const [trained, tagged] = [sample(train).rate, sample(tag).rate];
      if (round === 0) continue;
      training.push(trained);
      tagging.push(tagged);
    }
    const product = sample(() => {
      matmul.run(times);
      return times * productFlops(ROWS);
    });
    products.push(product.rate);
  }
  const figures = Object.fromEntries(trials.map(({ name, ...trial }) => [name, trial as Figures]));
  return withStreams(figures, best(products));
}

async function withStreams(figures: Record<string, Figures>, product: number): Promise<PartResult> {
  const streams = await stepsOfStreams();
  const encoders = Object.fromEntries(
    Object.entries(figures).map(([name, { parameters, training, tagging, flops }]) => [
      name,
      {
        parameters,
        trainingTokensPerSecond: best(training),
        taggingTokensPerSecond: best(tagging),
        trainingShare: (3 * flops * best(training)) / product,
        taggingShare: (flops * best(tagging)) / product,
      },
    ]),
  );
  return { json: { encoders, streams: streams.json }, tables: [speedTable(figures, product), streams.table] };
}

/** Lengths of the sentences of every batch. */
function batchesOfLengths(): number[][] {
  const lengths = inventSentences(BATCHES * BATCH, 1).map(({ tokens }) => tokens.length);
  return Array.from({ length: BATCHES }, (_, b) => lengths.slice(b * BATCH, (b + 1) * BATCH));
}

/** An encoder with random parameters and what to time: a pass over all batches, forward, or forward and backward. */
function trialOf(given: object, batches: readonly (readonly number[])[]) {
  const config: EncoderConfig = Array.isArray(given)
    ? encodersSchema.parse(given)
    : encoderSchema.parse(given);
  const { heap, kernels } = engine();
  const params = new Params(heap);
  const encoder = createEncoder(config, INPUT, params, 'encoder');
  params.allocate();
  params.initialize(new Random(1));
  if (encoder.width !== WIDTH) throw new Error(`${JSON.stringify(given)} has the width ${encoder.width}`);
  const gradients = heap.allocateZeros(params.size * 4);
  const arena = new Arena(heap);
  const tokens = batches.flat().reduce((total, length) => total + length, 0);
  const x = placed(tokens, INPUT);
  const dy = placed(tokens, WIDTH);

  const pass = (isTraining: boolean) => () => {
    for (const lengths of batches) {
      arena.reset();
      const sentences = lengths.map((length) => new Int32Array(length));
      const batch = makeBatch(sentences, arena);
      const run: Run = { kernels, arena, params, batch, gradients, tableGradients: [] };
      const rows = batch.tokens;
      const [, backward] = encoder.forward({ ...x, rows }, run);
      if (!isTraining) continue;
      const fresh = matrix(arena.words(rows * WIDTH), rows, WIDTH);
      kernels.copy_rows(rows, WIDTH, dy.address, WIDTH, fresh.address, WIDTH);
      backward(fresh);
    }
    return tokens;
  };
  return {
    parameters: params.size,
    flops: batches.reduce((total, lengths) => total + encoderFlops(config, INPUT, lengths).flops, 0) / tokens,
    training: [] as number[],
    tagging: [] as number[],
    train: pass(true),
    tag: pass(false),
  };
}

/** Random rows in the engine's memory. */
function placed(rows: number, cols: number): Matrix {
  const { heap } = engine();
  const address = heap.allocate(rows * cols * 4);
  heap.f32.set(noise(rows * cols), address >>> 2);
  return matrix(address, rows, cols);
}

function speedTable(figures: Record<string, Figures>, product: number): Table {
  const { gru, lstm } = figures;
  const gain = (of: 'training' | 'tagging') => best(gru[of]) / best(lstm[of]);
  return {
    title: `encoders by themselves: ${INPUT} columns in, ${WIDTH} out, one thread, tokens/s`,
    head: ['', 'parameters', 'training', 'median', 'share', 'tagging', 'median', 'share'],
    rows: Object.entries(figures).map(([name, { parameters, training, tagging, flops }]) => [
      name,
      whole(parameters),
      whole(best(training)),
      whole(median(training)),
      percent((3 * flops * best(training)) / product),
      whole(best(tagging)),
      whole(median(tagging)),
      percent((flops * best(tagging)) / product),
    ]),
    notes: [
      `gru against lstm: training ${ratio(gain('training'))}, tagging ${ratio(gain('tagging'))}; required ≥ ${ratio(required.gru)}: ${verdict(Math.min(gain('training'), gain('tagging')) >= required.gru)}`,
      `${ROUNDS} rounds in turn over ${BATCHES} batches of ${BATCH} sentences; training is forward and backward, without the optimizer`,
      `share: of the rate of the matrix product, M = ${ROWS}, ${(product / 1e9).toFixed(1)} GFLOP/s`,
    ],
  };
}

export const encoders: Part = { title: 'encoders', run };
