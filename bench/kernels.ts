/** Matrix products of both builds and of tfjs at the numbers of rows that training and tagging have. */
import { best, calibrate, median, type Sample, sample } from './measure.js';
import type { Part, PartResult } from './part.js';
import { columns, engineOf, inner, noise, ourProduct, type Product, productFlops } from './product.js';
import { ratio, type Table, tenth, verdict } from './table.js';
import { loadTfjs, tfjsProduct } from './tfjs.js';

const ROUNDS = 15;
/** Milliseconds of one measurement. */
const SLICE = 30;
/** Rows of few sentences at one time step, where only our builds run, and rows that are compared. */
const FEW = [1, 2, 3, 4, 6];
const COMPARED = [8, 32, 512];
/** What is asked of each build, as a multiple of tfjs. */
const required = { relaxed: 1.6, plain: 1.2 };
/** Sums of 200 products of numbers below 1, in f32 and in any order. */
const TOLERANCE = 1e-4;

type BuildName = 'relaxed' | 'plain' | 'tfjs';

interface Contender {
  readonly build: BuildName;
  readonly m: number;
  readonly product: Product;
  readonly times: number;
  /** FLOP/s of every round. */
  readonly samples: Sample[];
}

async function run(): Promise<PartResult> {
  const contenders = await enter();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { m, product, times, samples } of contenders) {
      const work = () => {
        product.run(times);
        return times * productFlops(m);
      };
      samples.push(sample(work));
    }
  }
  const kernels = contenders.map(({ build, m, samples }) => {
    const rates = samples.map(({ rate }) => rate / 1e9);
    return { build, m, gflops: best(rates), median: median(rates) };
  });
  return { json: { kernels }, tables: [ratesTable(contenders), ratioTable(contenders)] };
}

/** All products, checked against each other; those that are compared stand side by side, to be measured in turn. */
async function enter(): Promise<Contender[]> {
  const weights = noise(inner * columns);
  const tf = await loadTfjs();
  const engines = { relaxed: engineOf('relaxed'), plain: engineOf('plain') };
  return [...FEW, ...COMPARED].flatMap((m) => {
    const x = noise(m * inner);
    const products: [BuildName, Product][] = [];
    for (const build of ['relaxed', 'plain'] as const) {
      const engine = engines[build];
      if (engine) products.push([build, ourProduct(engine, x, weights)]);
    }
    const other = tfjsProduct(tf, x, weights);
    return [...products, ...(COMPARED.includes(m) ? ([['tfjs', other]] as const) : [])].map(
      ([build, product]): Contender => {
        const times = calibrate((n) => product.run(n), SLICE);
        compare(product.result(), other.result(), `${build}, M = ${m}`);
        return { build, m, product, times, samples: [] };
      },
    );
  });
}

function compare(ours: Float32Array, theirs: Float32Array, what: string): void {
  const difference = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
  if (ours.length !== theirs.length || !(difference < TOLERANCE)) {
    throw new Error(`${what}: the product differs from that of tfjs by ${difference}`);
  }
}

function samplesOf(contenders: readonly Contender[], build: BuildName, m: number): readonly Sample[] {
  return contenders.find((each) => each.build === build && each.m === m)?.samples ?? [];
}

function ratesTable(contenders: readonly Contender[]): Table {
  const cell = (build: BuildName, m: number) => {
    const rates = samplesOf(contenders, build, m).map(({ rate }) => rate / 1e9);
    return rates.length > 0 ? `${tenth(best(rates))} (${tenth(median(rates))})` : '–';
  };
  return {
    title: `matrix product [M × ${inner}] · [${inner} × ${columns}], one thread, GFLOP/s`,
    head: ['M', 'relaxed', 'plain', 'tfjs'],
    rows: [...FEW, ...COMPARED].map((m) => [
      String(m),
      ...(['relaxed', 'plain', 'tfjs'] as const).map((build) => cell(build, m)),
    ]),
    notes: [
      `best (median) of ${ROUNDS} rounds of ${SLICE} ms in turn; all results agree within ${TOLERANCE}`,
    ],
  };
}

function ratioTable(contenders: readonly Contender[]): Table {
  const rows = (['relaxed', 'plain'] as const).flatMap((build) =>
    COMPARED.map((m) => {
      const ours = samplesOf(contenders, build, m);
      const theirs = samplesOf(contenders, 'tfjs', m);
      if (ours.length === 0) return [`${build} / tfjs, M = ${m}`, '–', '–', '–', '–', '–'];
      const ofBest = best(ours.map(({ rate }) => rate)) / best(theirs.map(({ rate }) => rate));
      return [
        `${build} / tfjs, M = ${m}`,
        ratio(ofBest),
        ratio(median(ours.map(({ rate }, round) => rate / theirs[round].rate))),
        ratio(median(ours.map(({ cpuRate }, round) => cpuRate / theirs[round].cpuRate))),
        `≥ ${ratio(required[build])}`,
        verdict(ofBest >= required[build]),
      ];
    }),
  );
  return {
    title: 'against tfjs-backend-wasm (SIMD)',
    head: ['', 'of the best', 'median of rounds', 'by processor time', 'required', 'met'],
    rows,
    notes: ['by processor time: also the median of rounds; tells more on a busy machine'],
  };
}

export const kernels: Part = { title: 'matrix products', run };
