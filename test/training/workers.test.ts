/** Crews of any size make the same model, to the byte. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { runPipeline } from '../../dist/pipeline/run.js';
import { weightsOf } from '../../dist/tagger/weights.js';
import { seed } from '../support/arrays.js';
import { expectClose } from '../support/close.js';
import { type CrewWishes, crewTask, digestOf, engine, startCrew, trainCrew } from '../support/crews.js';
import { methods, optimizer, schedule } from '../support/method.js';
import { options } from '../support/training.js';
import { workspace } from '../support/workspace.js';

const adam = options.optimizer;
const optimizers = {
  'SGD with momentum': optimizer('sgd', { rate: 0.01, momentum: 0.9 }),
  Adam: adam,
  AdamW: optimizer('adamw', { rate: 0.02 }),
};

/** What must be the same for every crew. */
async function train(wishes: CrewWishes) {
  const { weights, epochs, result } = await trainCrew(wishes);
  return { weights, epochs, best: result.bestEpoch, reason: result.reason };
}

const crews = [1, 2, 3, 4];

/** Reads its own tags ever more often, from the first step on. */
const sampled = {
  kind: 'lstm',
  units: 8,
  dim: 4,
  sampling: { kind: 'inverse-sigmoid', k: 5 },
} as const;

describe(`crews of 1 to 4 threads and this one train to the same bytes and scores, seed ${seed}:`, () => {
  it.each<[keyof typeof optimizers, CrewWishes, threads: number[]]>([
    ['SGD with momentum', { decoder: 'crf', shards: 4, clip: 1 }, crews],
    ['Adam', { decoder: 'softmax', shards: 4, layers: 2 }, [2, 4]],
    ['AdamW', { decoder: 'crf', shards: 4, schedule: schedule('inverse-time', { decay: 0.3 }) }, [1, 3]],
    ['Adam', { decoder: 'crf', shards: 7, batch: 3 }, [2, 4]],
    ['Adam', { decoder: sampled, shards: 4 }, crews],
  ])('%s, %o', async (kind, network, sizes) => {
    const wishes = { ...network, dropout: 0.5, optimizer: optimizers[kind] };
    const expected = await train(wishes);
    for (const threads of sizes) {
      expect(await train({ ...wishes, threads }), `${threads} threads`).toEqual(expected);
    }
    expect(engine.heap.used).toBe(0);
  });
});

describe(`crews of 2 and 4 threads and this one, seed ${seed}:`, () => {
  it.each(Object.keys(methods))('%s', async (name) => {
    // So many words that tables and dense parameters are cut, and most rows of the table never touched.
    const wishes = { ...methods[name], epochs: 4, dropout: 0.3, units: 40, words: 300, shards: 4 };
    const expected = await train(wishes);
    expect(expected.weights).not.toBe((await train({ ...wishes, ...options, epochs: 4 })).weights);
    for (const threads of [2, 4]) {
      expect(await train({ ...wishes, threads }), `${threads} threads`).toEqual(expected);
    }
    expect(engine.heap.used).toBe(0);
  });
});

describe(`two threads, seed ${seed}`, () => {
  it('make the same model again, and another of another seed or number of shards', async () => {
    const wishes = { threads: 2, shards: 4, dropout: 0.5 };
    const one = await train(wishes);
    expect(await train(wishes)).toEqual(one);
    const others: CrewWishes[] = [{ seed: seed + 1 }, { first: seed + 1 }, { shards: 3 }, { dropout: 0.4 }];
    for (const other of others) {
      const { weights } = await train({ ...wishes, ...other });
      expect(weights, JSON.stringify(other)).not.toBe(one.weights);
    }
  });
});

it('a network that was trained may be trained again, with an optimizer that knows nothing of before', async () => {
  const twice = async (threads?: number) => {
    const task = await crewTask();
    const used: number[] = [];
    for (const seed of [1, 2]) {
      const run = startCrew(task, { threads, seed, optimizer: adam });
      for (let next = await run.next(); !next.done; ) next = await run.next();
      used.push(engine.heap.used);
    }
    const digest = digestOf(task.network);
    task.network.release();
    return { digest, more: used[1] - used[0] };
  };
  const expected = await twice();
  expect(expected.more).toBe(0);
  expect(await twice(2)).toEqual(expected);
});

describe('the bundled pipeline', () => {
  it('makes the same files for 1 to 4 workers', async () => {
    const set = [
      'training.epochs=2',
      'encoder.units=16',
      'embeddings.0.dim=16',
      'training.optimizer.rate=0.05',
    ];
    const pipeline = await loadPipeline('conll', { set });
    const models: { files: Map<string, string>; history: object[]; hash: string }[] = [];
    for (const workers of crews) {
      const output = workspace({}).path('model');
      const run = runPipeline(pipeline, { output, workers, engine });
      const history: object[] = [];
      let next = await run.next();
      for (; !next.done; next = await run.next()) {
        if (next.value.kind !== 'epoch') continue;
        const { seconds, tokensPerSecond, ...others } = next.value;
        history.push(others);
      }
      const digests = ['model.safetensors', 'vocabulary.json'].map((name) => {
        const digest = createHash('sha256')
          .update(readFileSync(join(output, name)))
          .digest('hex');
        return [name, digest] as const;
      });
      models.push({ files: new Map(digests), history, hash: next.value.hash });
    }
    const [{ files, hash, history }] = models;
    expect(files.get('model.safetensors')).toBe(hash);
    expect(history).toHaveLength(2);
    expect(models).toEqual(models.map(() => models[0]));
    expect(engine.heap.used).toBe(0);
  });
});

describe('shards', () => {
  it.each([2, 4, 30])('%i of them have the gradient of the whole batch, but for rounding', async (shards) => {
    const plain = optimizer('sgd', { rate: 1, decay: 0 });
    const one = { dropout: 0, epochs: 1, batch: 1000, optimizer: plain };
    const step = async (wishes: CrewWishes) => {
      const task = await crewTask(wishes);
      const before = valuesOf(task);
      const run = startCrew(task, wishes);
      let next = await run.next();
      for (; !next.done; next = await run.next()) expect(next.value).toMatchObject({ epoch: 1 });
      const after = valuesOf(task);
      task.network.release();
      return new Map(
        [...after].map(([name, values]) => [name, values.map((v, i) => v - before.get(name)![i])]),
      );
    };
    const whole = await step({ ...one, shards: 1 });
    const cut = await step({ ...one, shards, threads: 2 });
    for (const [name, values] of whole) {
      const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      expect(most, name).toBeGreaterThan(0);
      const tolerance = {
        reason: 'sums of some hundred terms in another order',
        absolute: 2e-6 * Math.max(most, 1),
      };
      expectClose(cut.get(name)!, values, tolerance, name);
    }
  });
});

function valuesOf({ network }: Awaited<ReturnType<typeof crewTask>>): Map<string, Float32Array> {
  return new Map(
    [...weightsOf(network)].map(([name, { bytes }]) => [name, new Float32Array(bytes.slice().buffer)]),
  );
}

describe('memory', () => {
  it('of another thread is that of its arena', async () => {
    const measure = async (threads?: number) => {
      let used = 0;
      const { result } = await trainCrew({ threads, shards: 4, words: 50_000 }, ({ kind }) => {
        if (kind === 'epoch') used = engine.heap.used;
      });
      const { arenas, ...shared } = result.memory;
      return { arenas, shared, others: used - arenas.reduce((sum, bytes) => sum + bytes, 0) };
    };
    const alone = await measure();
    expect(alone.arenas).toHaveLength(1);
    expect(alone.shared.parameters).toBeGreaterThan(50_000 * 4 * 4);
    for (const threads of [1, 2, 4]) {
      const { arenas, shared, others } = await measure(threads);
      expect(arenas).toHaveLength(threads);
      expect(Math.max(...arenas)).toBeLessThanOrEqual(2 * alone.arenas[0]);
      expect(shared).toEqual(alone.shared);
      // A block has up to 95 bytes for its end and the start of the next.
      expect(Math.abs(others - alone.others)).toBeLessThan(96 * threads);
    }
    expect(engine.heap.used).toBe(0);
  });

  it('is given back when training ends, fails, or is left', async () => {
    const wishes = { threads: 2, epochs: 2 };
    await trainCrew(wishes);
    expect(engine.heap.used, 'ended').toBe(0);
    const failing = trainCrew(wishes, (_, { network: { params } }) => {
      params.values(params.dense[0]).fill(Number.NaN);
    });
    await expect(failing).rejects.toThrow('training diverged');
    expect(engine.heap.used, 'failed').toBe(0);
    for (const kind of ['step', 'epoch']) {
      // So many that the first step is told before the last is done.
      const task = await crewTask({ copies: 150 });
      for await (const record of startCrew(task, { ...wishes, epochs: 1 })) {
        if (record.kind !== kind) continue;
        if (record.kind === 'step') expect(record.step).toBeLessThan(record.steps);
        break;
      }
      task.network.release();
      expect(engine.heap.used, `left at the first ${kind}`).toBe(0);
    }
  });
});
