/** What epochs tell of gradients, updates, vectors and gates, against plain computations. */
import { afterEach, describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { makeBatch } from '../../src/core/batch.js';
import type { Probe } from '../../src/core/run.js';
import type { EncoderKind } from '../../src/encoders/encoder.js';
import { encoderKinds } from '../../src/encoders/index.js';
import { inferenceRun, type Network } from '../../src/tagger/network.js';
import { weightsOf } from '../../src/tagger/weights.js';
import { activationsOf } from '../../src/training/activations.js';
import { layerOf } from '../../src/training/layers.js';
import { Watch } from '../../src/training/watch.js';
import { seed } from '../support/arrays.js';
import { optimizer } from '../support/method.js';
import { place, read } from '../support/rows.js';
import { type TinyTask, tinyTask } from '../support/tiny-corpus.js';
import { failureOf, trainTiny } from '../support/training.js';
import { sentencesOf, Workbench } from '../support/workbench.js';

/** Figures have four digits. */
const DIGITS = 6e-4;
const sgd = optimizer('sgd', { rate: 0.05, decay: 0 });
/** An epoch is one step over the whole corpus. */
const oneStep = { epochs: 1, batch: 1000, optimizer: sgd } as const;

const networks: Network[] = [];
afterEach(() => {
  for (const network of networks.splice(0)) network.release();
});
async function taskOf(...given: Parameters<typeof tinyTask>): Promise<TinyTask> {
  const task = await tinyTask(...given);
  networks.push(task.network);
  return task;
}

function expectNear(found: Readonly<Record<string, number>>, expected: Map<string, number>): void {
  expect(Object.keys(found).sort()).toEqual([...expected.keys()].sort());
  for (const [layer, value] of expected) {
    expect(Math.abs(found[layer] - value), `${layer}: ${found[layer]}, not ${value}`).toBeLessThanOrEqual(
      DIGITS * value,
    );
  }
}

/** Square roots of sums of squares by layer. */
function normsOf(parts: Iterable<readonly [name: string, values: ArrayLike<number>]>): Map<string, number> {
  const squares = new Map<string, number>();
  for (const [name, values] of parts) {
    const own = Array.from(values).reduce((sum, value) => sum + value * value, 0);
    squares.set(layerOf(name), (squares.get(layerOf(name)) ?? 0) + own);
  }
  return new Map([...squares].map(([layer, sum]) => [layer, Math.sqrt(sum)]));
}

const valuesOf = ({ params }: Network): Map<string, Float32Array> =>
  new Map([
    ...params.dense.map((parameter) => [parameter.name, params.values(parameter).slice()] as const),
    ...params.tables.map((table) => [table.name, params.tableValues(table).slice()] as const),
  ]);

describe(`a step that is measured, seed ${seed}`, () => {
  it('tells the norm of the gradient of every layer, as the gradient block has it', async () => {
    const task = await taskOf({ dropout: 0, layers: 2 });
    const { network, sentences } = task;
    const bench = new Workbench(network.engine, network.params);
    const before = valuesOf(network);
    bench.fill();
    for (const [name, values] of before) bench.values(name).set(values);
    const run = bench.start(sentences.map(({ forms }) => forms));
    const tags = run.arena.words(run.batch.tokens);
    const { firstRows, rank } = run.batch;
    sentences.forEach((sentence, s) => {
      sentence.tags.forEach((tag, t) => {
        run.arena.heap.i32[tags / 4 + firstRows[t] + rank[s]] = tag;
      });
    });
    const [, backward] = network.stack.loss(tags, run);
    backward();
    const expected = normsOf(bench.parts(run).map(({ name, gradient }) => [name, gradient]));
    const { epochs } = await trainTiny(task, oneStep, () => 1);
    expectNear(epochs[0].monitors.gradients, expected);
    const whole = Math.hypot(...Object.values(epochs[0].monitors.gradients));
    expect(Math.abs(whole / epochs[0].gradientNorm - 1)).toBeLessThan(DIGITS);
  });

  it.each([sgd, optimizer('adam', { rate: 0.01 })])(
    'tells how far it moves every layer, in proportion to its weights: $kind',
    async (chosen) => {
      const task = await taskOf({ dropout: 0, layers: 2 });
      const before = valuesOf(task.network);
      const { epochs } = await trainTiny(task, { ...oneStep, optimizer: chosen }, () => 1);
      const after = valuesOf(task.network);
      const changes: [string, number[]][] = [];
      const weights: [string, ArrayLike<number>][] = [];
      for (const [name, values] of after) {
        const old = before.get(name) ?? new Float32Array();
        changes.push([name, Array.from(values, (value, i) => value - old[i])]);
        const table = task.network.params.tables.find((one) => one.name === name);
        // Of a table the rows that the step has touched.
        const row = (i: number) => (table ? Math.floor(i / table.dim) : 0);
        const touched = new Set(Array.from(values, (value, i) => (value === old[i] ? -1 : row(i))));
        weights.push([name, table ? values.filter((_, i) => touched.has(row(i))) : values]);
      }
      const norms = normsOf(weights);
      const ratios = [...normsOf(changes)].map(
        ([layer, change]) => [layer, change / (norms.get(layer) ?? 0)] as const,
      );
      expectNear(epochs[0].monitors.updates, new Map(ratios));
    },
  );

  it('changes nothing of the training', async () => {
    const { around } = Watch.prototype;
    const weights: unknown[] = [];
    for (const isMeasured of [true, false]) {
      const task = await taskOf({ dropout: 0.3 });
      if (!isMeasured) Watch.prototype.around = () => (_, work) => work();
      const { epochs } = await trainTiny(task, {}, () => 1).finally(() => {
        Watch.prototype.around = around;
      });
      weights.push(weightsOf(task.network));
      const moved = Math.max(...Object.values(epochs[0].monitors.updates));
      expect(moved > 0).toBe(isMeasured);
    }
    expect(weights[0]).toEqual(weights[1]);
  });

  it('tells of smaller gradients once the network has learnt', async () => {
    const task = await taskOf({ dropout: 0 });
    const { epochs } = await trainTiny(task, { batch: 1, epochs: 12 }, (epoch) => epoch);
    const first = epochs[0].monitors.gradients['decoder.emission'];
    const last = epochs[11].monitors.gradients['decoder.emission'];
    expect(last).toBeLessThan(first / 2);
  });
});

describe(`activations, seed ${seed}`, () => {
  it('are the norms of the vectors that layers put out', async () => {
    const { network, sentences } = await taskOf({ layers: 2 });
    const { states } = activationsOf(freshen(network), sentences);
    const arena = new Arena(network.engine.heap);
    const batch = makeBatch(
      sentences.map(({ forms }) => forms),
      arena,
    );
    const run = inferenceRun(network, batch, arena);
    const [y] = network.stack.encode(run);
    const values = read(run, y);
    const norms = Array.from({ length: batch.tokens }, (_, i) =>
      Math.hypot(...values.subarray(i * y.cols, (i + 1) * y.cols)),
    );
    arena.release();
    const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
    expect(Math.abs(states.encoder.mean / mean - 1)).toBeLessThan(DIGITS);
    expect(Math.abs(states.encoder.max / Math.max(...norms) - 1)).toBeLessThan(DIGITS);
    const directions = ['encoder.0.forward', 'encoder.0.backward', 'encoder.1.forward', 'encoder.1.backward'];
    expect(Object.keys(states)).toEqual(['embeddings', ...directions, 'encoder']);
  });

  it('show gates that are shut or open, whatever they are shown', async () => {
    const { network, sentences } = await taskOf({ units: 8 });
    const { params } = network;
    const set = (name: string, values: (i: number) => number) => {
      const parameter = params.dense.find((one) => one.name === name);
      if (!parameter) throw new Error(name);
      params.values(parameter).forEach((_, i, all) => {
        all[i] = values(i);
      });
    };
    for (const part of ['weight', 'recurrent']) set(`encoder.0.forward.${part}`, () => 0);
    // The gates i, f, g, o of 8 units: i shut in half of them, f open, o in between.
    set('encoder.0.forward.bias', (i) => (i < 4 ? -100 : i >= 8 && i < 16 ? 100 : 0));
    const { saturation } = activationsOf(freshen(network), sentences);
    expect(saturation['encoder.0.forward']).toEqual({ input: 0.5, forget: 1, output: 0 });
    for (const share of Object.values(saturation['encoder.0.backward'])) expect(share).toBeLessThan(1);
  });

  it('are told of the network as it is at the end of each epoch', async () => {
    const task = await taskOf();
    const { epochs } = await trainTiny(task, { epochs: 2 }, (epoch) => epoch);
    const { states, saturation } = activationsOf(freshen(task.network), task.sentences);
    expect(epochs[1].monitors).toMatchObject({ states, saturation });
    expect(epochs[0].monitors.states).not.toEqual(states);
  });
});

describe(`gates of encoders, seed ${seed}`, () => {
  /** Biases by gate, in the order of the columns, and what the gates must then be. */
  const cases = {
    rnn: { biases: [0], gates: {} },
    lstm: { biases: [-100, 100, 0, -100], gates: { input: 0, forget: 1, output: 0 } },
    gru: { biases: [0, 100, -100, 0], gates: { reset: 1, keep: 0 } },
  } as const;

  it.each(Object.keys(cases) as (keyof typeof cases)[])('%s: each is told by its name', (kind) => {
    const bench = new Workbench();
    const { options } = encoderKinds[kind];
    const create = encoderKinds[kind].create as EncoderKind<typeof options>['create'];
    const encoder = create(options.parse({ kind, units: 5 }), 4, bench.params, 'encoder');
    bench.fill();
    const { biases, gates } = cases[kind];
    for (const side of ['forward', 'backward']) {
      bench.values(`encoder.0.${side}.bias`).forEach((_, i, all) => {
        all[i] = biases[Math.floor(i / 5)];
      });
    }
    const run = bench.start(sentencesOf());
    const told: string[] = [];
    const probe: Probe = {
      states: (layer, vectors) => told.push(`${layer} ${vectors.rows} ${vectors.cols}`),
      gate: (layer, gate, values, run) => {
        expect(Object.keys(gates), layer).toContain(gate);
        for (const value of read(run, values)) expect(value).toBeCloseTo(gates[gate as keyof typeof gates]);
        told.push(gate);
      },
    };
    encoder.forward(place(run, 4, new Float32Array(run.batch.tokens * 4)), { ...run, probe });
    const names = Object.keys(gates);
    const sides = ['forward', 'backward'].flatMap((side) => [`encoder.0.${side} 11 5`, ...names]);
    expect(told).toEqual(sides);
  });
});

function freshen(network: Network): Network {
  network.params.version++;
  for (const copy of network.params.derived) copy.fresh(network.engine.kernels);
  return network;
}

it.each([
  ['embeddings.0.table', 'embeddings'],
  ['embeddings.1.weight', 'embeddings'],
  ['encoder.0.forward.weight', 'encoder.0.forward'],
  ['encoder.1.backward.bias', 'encoder.1.backward'],
  ['decoder.emission.bias', 'decoder'],
])('a loss that is not a number is told with the layer where it began: %s', async (name, layer) => {
  const task = await taskOf({ dropout: 0.3, layers: 2 });
  const { params } = task.network;
  for (const parameter of params.dense)
    if (parameter.name === name) params.values(parameter).fill(Number.NaN);
  for (const table of params.tables) if (table.name === name) params.tableValues(table).fill(Number.NaN);
  params.version++;
  const { message } = await failureOf(trainTiny(task));
  expect(message).toContain(
    `the loss is NaN, which began in ${layer}; values that are not finite in ${name}`,
  );
});
