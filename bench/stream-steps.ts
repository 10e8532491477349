/** How long one token of a stream takes: the GRU layer alone, and whole taggers with embeddings and decoder. */
import { Arena } from '../dist/core/arena.js';
import { makeBatch } from '../dist/core/batch.js';
import { States } from '../dist/core/carry.js';
import { engine } from '../dist/core/engine.js';
import { matrix } from '../dist/core/matrix.js';
import { Params } from '../dist/core/params.js';
import { Random } from '../dist/core/random.js';
import { gru } from '../dist/encoders/gru.js';
import { Tagger } from '../dist/index.js';
import { makeModel } from './model.js';
import { noise } from './product.js';
import { type Table, verdict } from './table.js';
import { inventSentences } from './text.js';

const STEPS = 20_000;
const WARM_UP = 5000;
const VOCABULARY_SENTENCES = 10_000;
/** Microseconds, of the median step. */
const required = { layer: 50, tagger: 1000 };

interface Steps {
  readonly name: string;
  readonly median: number;
  readonly p99: number;
  readonly required?: number;
}

export async function stepsOfStreams(): Promise<{ json: Readonly<Record<string, Steps>>; table: Table }> {
  const all = [
    layer(64, required.layer),
    await tagger('gru', 64),
    await tagger('gru', 200, required.tagger),
    await tagger('lstm', 200),
  ];
  return { json: Object.fromEntries(all.map((steps) => [steps.name, steps])), table: tableOf(all) };
}

/** The encoder alone: as many columns in as out, a state that goes on. */
function layer(units: number, most: number): Steps {
  const { heap, kernels } = engine();
  const params = new Params(heap);
  const options = gru.options.parse({ kind: 'gru', units, direction: 'forward' });
  const encoder = gru.create(options, units, params, 'encoder');
  params.allocate();
  params.initialize(new Random(1));
  const arena = new Arena(heap);
  const carry = new States(heap, 1);
  const x = heap.allocate(units * 4);
  heap.f32.set(noise(units), x >>> 2);
  const token = new Int32Array(1);
  const times = timed(() => {
    arena.reset();
    const run = {
      kernels,
      arena,
      params,
      batch: makeBatch([token], arena),
      carry,
      gradients: 0,
      tableGradients: [],
    };
    encoder.forward(matrix(x, 1, units), run);
  });
  return { name: `gru, ${units} units, the layer alone`, ...times, required: most };
}

async function tagger(kind: string, units: number, most?: number): Promise<Steps> {
  const vocabulary = inventSentences(VOCABULARY_SENTENCES, 1).flatMap(({ tokens }) => tokens);
  const model = await makeModel(vocabulary, engine(), { kind, units, direction: 'forward' });
  const whole = new Tagger(model);
  const stream = whole.stream();
  const sentences = inventSentences(STEPS, 7);
  let [sentence, token] = [0, 0];
  const times = timed(() => {
    const { tokens } = sentences[sentence];
    stream.push(tokens[token++]);
    if (token < tokens.length) return;
    stream.end();
    [sentence, token] = [(sentence + 1) % sentences.length, 0];
  });
  await whole.close();
  return { name: `${kind}, ${units} units, embeddings and CRF`, ...times, required: most };
}

/** Microseconds of each step, sorted. */
function timed(step: () => void): { median: number; p99: number } {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + STEPS; i++) {
    const start = performance.now();
    step();
    if (i >= WARM_UP) times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))];
  return { median: at(0.5), p99: at(0.99) };
}

function tableOf(all: readonly Steps[]): Table {
  return {
    title: 'streams: microseconds a token',
    head: ['', 'median', 'p99', 'required', 'met'],
    rows: all.map(({ name, median, p99, required }) => [
      name,
      median.toFixed(1),
      p99.toFixed(1),
      required === undefined ? '' : `< ${required}`,
      required === undefined ? '' : verdict(median < required),
    ]),
    notes: [`${STEPS} tokens each; words that are new are read by their characters at once`],
  };
}
