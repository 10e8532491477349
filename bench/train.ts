/** Training speed, and how near it comes to the speed of the matrix product that it is made of. */
import { engine } from '../dist/core/engine.js';
import { train } from '../dist/training/loop.js';
import { total, trainingFlops, type Work } from './flops.js';
import { best, calibrate, median, type Sample, sample } from './measure.js';
import { makeModel, ncrf, shape } from './model.js';
import type { Part, PartResult } from './part.js';
import { columns, inner, noise, ourProduct, productFlops } from './product.js';
import { encode, scaling } from './scaling.js';
import { percent, type Table, tenth, verdict, whole } from './table.js';
import { type InventedSentence, inventSentences } from './text.js';

const SENTENCES = 4000;
const EPOCHS = 7;
/** Rows of the product that training is compared with, and how often it is measured after each epoch. */
const ROWS = 512;
const SLICES = 5;
const required = { share: 0.5, tokensPerSecond: 20_000 };

/** Tokens a second, and the best rates of the matrix product right after the epoch, in FLOP/s. */
interface Epoch extends Sample {
  readonly product: Sample;
}

async function run(): Promise<PartResult> {
  const corpus = inventSentences(SENTENCES, 1);
  const work = workOf(corpus);
  const flops = trainingFlops(work, shape);
  const perToken = total(flops) / work.tokens;
  const epochs = await trainEpochs(corpus);
  const tokensPerSecond = best(epochs.map(({ rate }) => rate));
  const product = best(epochs.map((epoch) => epoch.product.rate));
  const share = (tokensPerSecond * perToken) / product;
  const json = {
    tokensPerSecond,
    medianTokensPerSecond: median(epochs.map(({ rate }) => rate)),
    share,
    medianShare: median(epochs.map((epoch) => (epoch.rate * perToken) / epoch.product.rate)),
    processorShare: median(epochs.map((epoch) => (epoch.cpuRate * perToken) / epoch.product.cpuRate)),
    gflops: (tokensPerSecond * perToken) / 1e9,
    productGflops: product / 1e9,
    flopsPerToken: perToken,
    build: engine().build,
  };
  const workers = await scaling(corpus);
  return {
    json: { train: json, workers: workers.json },
    tables: [speedTable(epochs, json), flopsTable(work), ...workers.tables],
  };
}

async function trainEpochs(corpus: readonly InventedSentence[]): Promise<Epoch[]> {
  const { network } = await makeModel(corpus.flatMap(({ tokens }) => tokens));
  const sentences = encode(corpus, network);
  const matmul = ourProduct(engine(), noise(ROWS * inner), noise(inner * columns));
  const times = calibrate((n) => matmul.run(n), 20);
  const measureProduct = () =>
    sample(() => {
      matmul.run(times);
      return times * productFlops(ROWS);
    });

  const options = { ...ncrf().training, epochs: EPOCHS, patience: EPOCHS };
  const epochs: Epoch[] = [];
  let cpu = process.cpuUsage();
  // A dev score would be tagging, which has its own part; every epoch is as good as the one before.
  for await (const record of train({ network, sentences, dev: [], options, seed: 1, score: () => noScore })) {
    if (record.kind !== 'epoch') continue;
    const { user, system } = process.cpuUsage(cpu);
    const tokens = record.tokensPerSecond * record.seconds;
    const slices = Array.from({ length: SLICES }, measureProduct);
    const product = {
      rate: best(slices.map(({ rate }) => rate)),
      cpuRate: best(slices.map(({ cpuRate }) => cpuRate)),
    };
    epochs.push({ rate: record.tokensPerSecond, cpuRate: tokens / ((user + system) / 1e6), product });
    cpu = process.cpuUsage();
  }
  return epochs;
}

interface TrainFigures {
  readonly tokensPerSecond: number;
  readonly share: number;
  readonly medianShare: number;
  readonly processorShare: number;
  readonly gflops: number;
}

const noScore = { value: 0, scores: undefined };

function workOf(corpus: readonly InventedSentence[]): Work {
  const tokens = corpus.flatMap((sentence) => sentence.tokens);
  return {
    tokens: tokens.length,
    sentences: corpus.length,
    characters: tokens.reduce((sum, token) => sum + token.length, 0),
  };
}

function speedTable(epochs: readonly Epoch[], json: TrainFigures): Table {
  const speeds = epochs.map(({ rate }) => rate);
  const processorSpeeds = epochs.map(({ cpuRate }) => cpuRate);
  const products = epochs.map(({ product }) => product.rate / 1e9);
  return {
    title: 'training: NCRF++ network, batches of 10 random sentences, one worker',
    head: ['', 'best', 'median', 'required', 'met'],
    rows: [
      [
        'tokens/s',
        whole(best(speeds)),
        whole(median(speeds)),
        `≥ ${whole(required.tokensPerSecond)}`,
        verdict(json.tokensPerSecond >= required.tokensPerSecond),
      ],
      ['  by processor time', whole(best(processorSpeeds)), whole(median(processorSpeeds)), '', ''],
      [
        `share of the product's rate, M = ${ROWS}`,
        percent(json.share),
        percent(json.medianShare),
        `≥ ${percent(required.share)}`,
        verdict(json.share >= required.share),
      ],
      ['  by processor time', '', percent(json.processorShare), '', ''],
      ['GFLOP/s of training', tenth(json.gflops), '', '', ''],
      [
        `GFLOP/s of the product, ${engine().build} build`,
        tenth(best(products)),
        tenth(median(products)),
        '',
        '',
      ],
    ],
    notes: [
      `${EPOCHS} epochs over ${SENTENCES} invented sentences; the product is measured after each`,
      'best share = best training / best product; median = of the epochs, each by the product after it',
    ],
  };
}

function flopsTable(work: Work): Table {
  const flops = trainingFlops(work, shape);
  const all = total(flops);
  return {
    title: 'floating-point operations of training, matrix products only',
    head: ['', 'kFLOP a token', 'share'],
    rows: Object.entries({ ...flops, total: all }).map(([name, count]) => [
      name,
      tenth(count / work.tokens / 1000),
      percent(count / all),
    ]),
    notes: [
      `${whole(work.tokens)} tokens, ${tenth(work.tokens / work.sentences)} a sentence, ${tenth(work.characters / work.tokens)} characters a token`,
    ],
  };
}

export const training: Part = { title: 'training', run };
