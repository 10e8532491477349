import { describe, expect, it } from 'vitest';
import { weightsOf } from '../../src/tagger/weights.js';
import { seed } from '../support/arrays.js';
import { optimizer, schedule } from '../support/method.js';
import { corpus, tinyTask } from '../support/tiny-corpus.js';
import { options, trainTiny } from '../support/training.js';

const steps = Math.ceil(corpus.length / options.batch);

describe(`the training loop, seed ${seed}`, () => {
  it.each([
    ['crf', 25],
    ['softmax', 25],
    ['lstm', 60],
  ] as const)('learns a tiny corpus by heart with %s in %i epochs', async (decoder, most) => {
    const task = await tinyTask({ decoder });
    expect(task.accuracy()).toBeLessThan(90);
    const { epochs } = await trainTiny(task, { epochs: most });
    expect(task.accuracy()).toBe(100);
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0].loss / 4);
  });

  it('learns with every optimizer', async () => {
    const optimizers = [
      optimizer('sgd', { rate: 0.05 }),
      optimizer('sgd', { rate: 0.01, momentum: 0.9 }),
      optimizer('sgd', { rate: 0.01, momentum: 0.9, nesterov: true }),
      optimizer('adam', { rate: 0.02, amsgrad: true }),
      ...(['adamw', 'nadam'] as const).map((kind) => optimizer(kind, { rate: 0.02 })),
      // Its first steps are short.
      optimizer('radam', { rate: 0.05 }),
    ];
    for (const one of optimizers) {
      const task = await tinyTask();
      const { epochs } = await trainTiny(task, { epochs: 10, optimizer: one, clip: 5 });
      expect(epochs.at(-1)!.loss, one.kind).toBeLessThan(epochs[0].loss * 0.7);
    }
  });

  it('makes the same weights of the same seed, and others of another', async () => {
    const weights = async (first: number, own: number) => {
      const task = await tinyTask({}, first);
      const { epochs } = await trainTiny(task, { seed: own }, (epoch) => epoch);
      return { weights: weightsOf(task.network), losses: epochs.map(({ loss }) => loss) };
    };
    const one = await weights(1, 2);
    expect(await weights(1, 2)).toEqual(one);
    expect((await weights(1, 3)).weights).not.toEqual(one.weights);
    expect((await weights(4, 2)).weights).not.toEqual(one.weights);
  });

  it('takes the sentences in another order for another seed', async () => {
    const weights = async (own: number) => {
      const task = await tinyTask({ dropout: 0 });
      await trainTiny(task, { seed: own }, (epoch) => epoch);
      return weightsOf(task.network);
    };
    expect(await weights(2)).not.toEqual(await weights(3));
  });

  it('drops something else at every step and in every epoch', async () => {
    // The rate is so small that weights stay, so that losses differ by dropout alone.
    const tiny = optimizer('sgd', { rate: 1e-30, decay: 0 });
    const losses = async (times: number, dropout: number) => {
      const task = await tinyTask({ dropout });
      const sentences = new Array(times).fill(task.sentences[1]);
      const { epochs } = await trainTiny({ ...task, sentences }, { batch: 1, optimizer: tiny }, () => 1);
      return epochs.map(({ loss }) => loss);
    };
    const [once, thrice] = [await losses(1, 0.5), await losses(3, 0.5)];
    expect(new Set([...once, ...thrice]).size).toBe(6);
    expect(new Set(await losses(1, 0)).size).toBe(1);
  });

  it('does not depend on how often the network was asked before', async () => {
    const [one, two] = [await tinyTask(), await tinyTask()];
    two.accuracy();
    await trainTiny(one, {}, (epoch) => epoch);
    await trainTiny(two, {}, (epoch) => epoch + 0 * two.accuracy());
    expect(weightsOf(two.network)).toEqual(weightsOf(one.network));
  });

  it('yields one record an epoch, and the last step of each', async () => {
    const wishes = { schedule: schedule('inverse-time', { decay: 1 }) };
    const { epochs, steps: seen, result } = await trainTiny(await tinyTask(), wishes, (epoch) => epoch);
    expect(epochs.map(({ epoch, dev, best }) => [epoch, dev, best])).toEqual([
      [1, 1, true],
      [2, 2, true],
      [3, 3, true],
    ]);
    expect(epochs.map(({ rate }) => rate)).toEqual([1, 1 / 2, 1 / 3].map((factor) => 0.02 * factor));
    for (const { loss, gradientNorm, seconds, tokensPerSecond } of epochs) {
      expect(Math.min(loss, gradientNorm, seconds, tokensPerSecond)).toBeGreaterThan(0);
      expect(tokensPerSecond * seconds, 'every token once an epoch').toBeCloseTo(corpus.flat().length, 6);
    }
    const last = seen.filter(({ step }) => step === steps);
    expect(last.map(({ epoch, steps: of }) => [epoch, of])).toEqual([1, 2, 3].map((epoch) => [epoch, steps]));
    expect(last.map(({ loss }) => loss)).toEqual(epochs.map(({ loss }) => loss));
    expect(result).toMatchObject({ reason: 'epochs', epochs: 3, bestEpoch: 3 });
  });

  it('keeps the weights of the best epoch, the first of equals', async () => {
    const task = await tinyTask();
    const after: unknown[] = [];
    let version = 0;
    const { epochs, result } = await trainTiny(task, { epochs: 4 }, (epoch) => {
      after.push(weightsOf(task.network));
      version = task.network.params.version;
      return [1, 5, 5, 2][epoch - 1];
    });
    expect(epochs.map(({ best }) => best)).toEqual([true, true, false, false]);
    expect(result).toMatchObject({ reason: 'epochs', epochs: 4, bestEpoch: 2 });
    expect(weightsOf(task.network)).toEqual(after[1]);
    expect(after[3]).not.toEqual(after[1]);
    expect(task.network.params.version, 'packed copies are stale').not.toBe(version);
  });

  it('clips the gradient to a norm', async () => {
    const task = await tinyTask({ dropout: 0 });
    const { params } = task.network;
    const all = () => [
      ...params.dense.flatMap((parameter) => [...params.values(parameter)]),
      ...params.tables.flatMap((table) => [...params.tableValues(table)]),
    ];
    const before = all();
    const plain = optimizer('sgd', { rate: 0.5, decay: 0 });
    const wishes = { epochs: 1, batch: 1000, clip: 0.25, optimizer: plain };
    const { epochs } = await trainTiny(task, wishes, () => 1);
    expect(epochs[0].gradientNorm).toBeGreaterThan(1);
    const moved = Math.hypot(...all().map((value, i) => value - before[i]));
    expect(moved).toBeCloseTo(0.5 * 0.25, 5);
  });
});
