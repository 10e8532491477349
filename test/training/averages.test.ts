/** Averages of the weights against sums in f64 over the weights of every step. */
import { describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Params } from '../../src/core/params.js';
import { averageOf } from '../../src/training/averages/index.js';
import { besideBlocks } from '../../src/training/blocks.js';
import { LocalCrew } from '../../src/training/local-crew.js';
import { combine, numbers, seed, seeded } from '../support/arrays.js';
import { exact, expectClose, roundings } from '../support/close.js';
import { average } from '../support/method.js';
import { tinyTask } from '../support/tiny-corpus.js';
import { trainTiny, type Wishes } from '../support/training.js';

/** Of weights that are at most 4; every step rounds three times, and forgets the roundings of long ago. */
const tolerance = roundings(40, 4);

/** Σ dᵗ⁻ⁱ · wᵢ / Σ dᵗ⁻ⁱ */
function weightedMean(all: readonly Float32Array[], decay: number): Float64Array {
  const sum = new Float64Array(all[0].length);
  let shares = 0;
  all.forEach((weights, i) => {
    const share = decay ** (all.length - 1 - i);
    shares += share;
    weights.forEach((weight, j) => {
      sum[j] += share * weight;
    });
  });
  return sum.map((value) => value / shares);
}

/** A training whose last epoch is the best: the weights after every step, as they are scored, and at the end. */
async function follow(wishes: Wishes, value = (epoch: number) => epoch) {
  const task = await tinyTask();
  const { params } = task.network;
  const all = () =>
    Float32Array.from([
      ...params.dense.flatMap((parameter) => [...params.values(parameter)]),
      ...params.tables.flatMap((table) => [...params.tableValues(table)]),
    ]);
  const steps: Float32Array[] = [];
  const scored: Float32Array[] = [];
  const crew: Wishes['crew'] = {
    members: 1,
    assemble: (workplace) => {
      const { board } = workplace;
      const add = board.addStep.bind(board);
      board.addStep = (norm) => {
        add(norm);
        steps.push(all());
      };
      return new LocalCrew(workplace);
    },
  };
  const { epochs, result } = await trainTiny(task, { epochs: 4, crew, ...wishes }, (epoch) => {
    scored.push(all());
    return value(epoch);
  });
  const trained = epochs.map(({ loss, gradientNorm, rate }) => [loss, gradientNorm, rate]);
  return { steps, scored, last: all(), trained, stepsOfEpoch: steps.length / epochs.length, result };
}

describe(`averages of the weights in a training, seed ${seed}`, () => {
  it.each(combine({ decay: [0.5, 0.9, 0.999], from: [1, 3] }))('ema %o', async (keys) => {
    const { steps, scored, last, stepsOfEpoch } = await follow({ average: average('ema', keys) });
    expect(stepsOfEpoch).toBeGreaterThan(3);
    scored.forEach((weights, i) => {
      const done = steps.slice(0, (i + 1) * stepsOfEpoch);
      const counted = done.slice((keys.from - 1) * stepsOfEpoch);
      if (i + 1 < keys.from) expectClose(weights, done.at(-1)!, exact, 'weight itself');
      else expectClose(weights, weightedMean(counted, keys.decay), tolerance, `epoch ${i + 1}, weight`);
    });
    expectClose(last, scored.at(-1)!, exact);
  });

  it.each([1, 2, 4])('swa from epoch %i on', async (from) => {
    const { steps, scored, last, stepsOfEpoch } = await follow({ average: average('swa', { from }) });
    scored.forEach((weights, i) => {
      const ends = scored.slice(0, i + 1).map((_, epoch) => steps[(epoch + 1) * stepsOfEpoch - 1]);
      if (i + 1 < from) expectClose(weights, ends.at(-1)!, exact, 'weight itself');
      else expectClose(weights, weightedMean(ends.slice(from - 1), 1), tolerance, `epoch ${i + 1}, weight`);
    });
    expectClose(last, scored.at(-1)!, exact);
  });

  it.each(['ema', 'swa'] as const)('%s leaves the training itself as it is', async (kind) => {
    const plain = await follow({ average: average('none') });
    const averaged = await follow({ average: average(kind, { from: 2 }) });
    expect(averaged.trained).toEqual(plain.trained);
    expect(averaged.steps).toEqual(plain.steps);
    expect(averaged.scored[0]).toEqual(plain.scored[0]);
    expect(averaged.scored[2]).not.toEqual(plain.scored[2]);
    const { memory } = averaged.result;
    expect(memory.average).toBeGreaterThan(0);
    expect({ ...memory, average: 0 }).toEqual(plain.result.memory);
  });

  it('of the best epoch is what is left', async () => {
    const { scored, last, result } = await follow(
      { average: average('ema') },
      (epoch) => -Math.abs(epoch - 2),
    );
    expect(result.bestEpoch).toBe(2);
    expectClose(last, scored[1], exact);
  });

  it('holds what does not move as it is', async () => {
    const rates = { embeddings: 0, encoder: 0, decoder: 0 };
    for (const kind of ['ema', 'swa'] as const) {
      const { steps, scored } = await follow({ rates, average: average(kind, { from: 1 }) });
      for (const weights of [...steps, ...scored]) expectClose(weights, steps[0], exact, kind);
    }
  });
});

describe(`rows of a table that are rarely touched, seed ${seed}`, () => {
  const [ROWS, DIM, STEPS, EPOCHS] = [9, 5, 30, 4];

  it.each(combine({ decay: [0.5, 0.97, 0.9999], from: [1, 2] }))('ema %o is that of every step', (keys) => {
    const params = new Params(engine().heap);
    params.claim('dense', [7], () => {});
    const table = params.claimTable('words', ROWS, DIM, true, () => {});
    params.allocate();
    const random = seeded(keys.from);
    const values = () => params.tableValues(table);
    values().set(numbers(ROWS * DIM, random));
    const first = values().slice();
    const own = averageOf(average('ema', keys), { params, kernels: engine().kernels, steps: STEPS })!;
    const ids = params.heap.allocate(4 * ROWS);
    const after: Float32Array[] = [];
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      for (let step = 0; step < STEPS; step++) {
        // The last two rows never, the others now and then, and now and then none.
        const touched = Array.from({ length: ROWS - 2 }, (_, row) => row).filter(
          () => random.below(12) === 0,
        );
        params.heap.i32.set(touched, ids / 4);
        const gradient = { table, count: touched.length, ids, values: 0 };
        if (epoch >= own.from) own.rows?.(gradient, { epoch, step });
        for (const row of touched) values().set(numbers(DIM, random, 2), row * DIM);
        if (epoch >= own.from) after.push(values().slice());
      }
      if (epoch < own.from) continue;
      own.close(epoch);
      const found = besideBlocks(params, own.weights).get('words')!;
      expectClose(found, weightedMean(after, keys.decay), tolerance, `epoch ${epoch}, weight`);
      const rest = (ROWS - 2) * DIM;
      expectClose(found.slice(rest), first.slice(rest), exact, 'weight that never changed');
    }
    params.heap.release(ids);
    params.release();
  });
});
