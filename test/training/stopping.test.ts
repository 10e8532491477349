import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/core/engine.js';
import { weightsOf } from '../../src/tagger/weights.js';
import { train } from '../../src/training/loop.js';
import { seed } from '../support/arrays.js';
import { type TinyTask, tinyTask } from '../support/tiny-corpus.js';
import { failureOf, options, taskOf, trainTiny } from '../support/training.js';

describe(`how training stops, seed ${seed}`, () => {
  it('stops after so many epochs without a better score', async () => {
    const task = await tinyTask();
    const { epochs, result } = await trainTiny(
      task,
      { epochs: 20, patience: 2 },
      (epoch) => [1, 2, 1, 3, 2, 3][epoch - 1] ?? 0,
    );
    expect(epochs).toHaveLength(6);
    expect(result).toMatchObject({ reason: 'patience', epochs: 6, bestEpoch: 4 });
  });

  it('stops when asked, with the weights of the best epoch', async () => {
    const task = await tinyTask();
    const stop = new AbortController();
    let best: unknown;
    const { epochs, result } = await trainTiny(
      task,
      { epochs: 20, signal: stop.signal },
      (epoch) => {
        best ??= weightsOf(task.network);
        return -epoch;
      },
      (record) => {
        if (record.kind === 'step' && record.epoch === 3) stop.abort();
      },
    );
    expect(epochs).toHaveLength(2);
    expect(result).toMatchObject({ reason: 'interrupted', epochs: 2, bestEpoch: 1 });
    expect(weightsOf(task.network)).toEqual(best);
  });

  it('stopped in the first epoch leaves the weights as far as they got', async () => {
    const task = await tinyTask();
    const before = weightsOf(task.network);
    const stop = new AbortController();
    const { result } = await trainTiny(task, { signal: stop.signal }, undefined, () => stop.abort());
    expect(result).toMatchObject({ reason: 'interrupted', epochs: 0, bestEpoch: 0 });
    expect(weightsOf(task.network)).not.toEqual(before);
  });

  it('names epoch, step and parameter when a weight is not a number', async () => {
    const { network } = await tinyTask();
    const names = [...network.params.dense, ...network.params.tables].map(({ name }) => name);
    for (const name of names) {
      const task = await tinyTask({ dropout: 0 });
      const { params } = task.network;
      const dense = params.dense.find((one) => one.name === name);
      const table = params.tables.find((one) => one.name === name);
      if (dense) params.values(dense).fill(Number.NaN);
      if (table) params.tableValues(table).fill(Number.NaN);
      params.version++;
      const { message } = await failureOf(trainTiny(task));
      expect(message).toContain('epoch 1, step 1 ');
      expect(message).toContain(name);
    }
  });

  it('names epoch, step and a parameter when the rate is infinite', async () => {
    const optimizer = { ...options.optimizer, rate: Number.POSITIVE_INFINITY };
    const task = await tinyTask();
    const { message } = await failureOf(trainTiny(task, { optimizer }));
    expect(message).toContain('epoch 1, step 2 ');
    expect(
      task.network.params.dense.some(({ name }) => message.includes(name)),
      message,
    ).toBe(true);
  });

  it('gives its memory back when it ends, fails, or is left', async () => {
    const engine = createEngine();
    const ways: ((task: TinyTask) => Promise<unknown>)[] = [
      (task) => trainTiny(task),
      (task) => {
        task.network.params.values(task.network.params.dense[0]).fill(Number.NaN);
        return failureOf(trainTiny(task));
      },
      async (task) => {
        for await (const _ of train(taskOf(task, {}, () => 1))) break;
      },
    ];
    for (const [i, way] of ways.entries()) {
      const task = await tinyTask({}, seed, engine);
      await way(task);
      task.network.release();
      expect(engine.heap.used, ['ended', 'failed', 'left'][i]).toBe(0);
    }
  });
});
