/** What becomes of a training when a thread dies, fails or gets no memory: a clear error, soon, and nothing left behind. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResourceLimits } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { beforeAll, describe, expect, it } from 'vitest';
import { TaggerError } from '../../dist/core/errors.js';
import { Heap } from '../../dist/core/heap.js';
import { loadKernels } from '../../dist/core/kernels.js';
import type { TrainingState } from '../../dist/training/loop.js';
import { openPool } from '../../dist/training/pool-crew.js';
import { seed } from '../support/arrays.js';
import { type CrewTask, type CrewWishes, crewTask, engine, startCrew, trainCrew } from '../support/crews.js';
import { workspace } from '../support/workspace.js';

const members = 3;
/** 220 steps an epoch. */
const wishes: CrewWishes = { epochs: 2, copies: 50, shards: 4 };
let undisturbed: string;
beforeAll(async () => {
  undisturbed = (await trainCrew(wishes)).weights;
});

const built = (file: string) => pathToFileURL(resolve('dist/training', file));

/** Threads of which one runs `fault` in the second epoch, and writes down when. */
function faultyPool(
  moment: string,
  kind: 'train' | 'tag',
  fault: string,
  resourceLimits?: ResourceLimits,
): Piscina {
  const space = workspace({});
  space.write(
    'worker.mjs',
    `import { writeFileSync } from 'node:fs';
    import work from '${built('crew-worker.js')}';
    import { Member } from '${built('member.js')}';
    const { perform } = Member.prototype;
    let [tagged, steps] = [0, 0];
    const fault = () => {
      writeFileSync(${JSON.stringify(moment)}, String(Date.now()));
      ${fault}
    };
    Member.prototype.perform = function* (order) {
      const isMine = this.index === 1 && order.kind === '${kind}' && tagged === 1;
      if (order.kind === 'tag') tagged++;
      if (isMine && order.kind === 'tag') fault();
      for (const _ of perform.call(this, order)) {
        if (isMine && ++steps === 60) fault();
        yield;
      }
    };
    export default work;`,
  );
  return new Piscina({
    filename: pathToFileURL(space.path('worker.mjs')).href,
    minThreads: members,
    maxThreads: members,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
    resourceLimits,
  });
}

async function failureOf(training: Promise<unknown>): Promise<TaggerError> {
  const error = await training.then(
    () => new Error('training went on'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof TaggerError) return error;
  throw error;
}

interface Failure {
  readonly error: TaggerError;
  /** When training had ended, all threads too. */
  readonly ended: number;
}

/** Trains until it fails. All must be given back, and training go on from the last checkpoint as if nothing had been. */
async function fail(pool: Piscina, see?: Parameters<typeof trainCrew>[1]): Promise<Failure> {
  const { threads } = pool;
  expect(threads).toHaveLength(members);
  let from: TrainingState<number> | undefined;
  const save = async (state: TrainingState<number>) => {
    from = state;
  };
  const checkpoints = { minutes: 1e-3, save };
  const error = await failureOf(trainCrew({ ...wishes, threads: { members, pool }, checkpoints }, see));
  const ended = Date.now();
  expect(pool.threads, 'threads in the pool').toEqual([]);
  // What a thread has as its number after its end.
  expect(threads.map(({ threadId }) => threadId)).toEqual(threads.map(() => -1));
  expect(engine.heap.used).toBe(0);
  const { weights } = await trainCrew({ ...wishes, checkpoints: { ...checkpoints, from } });
  expect(weights, `from epoch ${from?.progress.epoch}, step ${from?.progress.totals.steps}`).toBe(
    undisturbed,
  );
  return { error, ended };
}

const hint = 'the same command with --resume goes on from the last checkpoint';
const died = (found: unknown) => ({
  code: 'E_WORKER',
  problems: [{ message: 'a worker thread of the training ended before its time', found, hint }],
});
const starved = { code: 'E_MEMORY', problems: [{ found: expect.stringContaining('out of memory') }] };
const threw = { code: 'E_INTERNAL', problems: [{ message: 'a fault of the test' }] };
const hoard = 'for (const hoard = []; ; ) hoard.push(new Array(1000).fill(hoard.length));';

describe(`a thread ends training within a second, and the last checkpoint is good, seed ${seed}:`, () => {
  it.each<[what: string, kind: 'train' | 'tag', fault: string, error: object, limits?: ResourceLimits]>([
    ['that throws in training', 'train', `throw new Error('a fault of the test');`, threw],
    ['that throws in tagging', 'tag', `throw new Error('a fault of the test');`, threw],
    ['that exits in training', 'train', 'process.exit(3);', died('it exited with code 3')],
    ['that exits in tagging', 'tag', 'process.exit(0);', died('it exited with code 0')],
    ['without memory', 'train', hoard, starved, { maxOldGenerationSizeMb: 48 }],
  ])('%s', async (_, kind, fault, expected, limits) => {
    const moment = workspace({}).path('moment');
    const { error, ended } = await fail(faultyPool(moment, kind, fault, limits));
    expect(error).toMatchObject(expected);
    expect(ended - Number(readFileSync(moment, 'utf8'))).toBeLessThan(1000);
  });

  it.each<[what: string, at: 'step' | 'epoch', victims: number]>([
    ['that is terminated in training', 'step', 1],
    ['that is terminated between training and tagging', 'epoch', 1],
    ['that is terminated with all others', 'step', members],
  ])('%s', async (_, at, victims) => {
    const pool = openPool(members);
    let moment = 0;
    const { error, ended } = await fail(pool, (record) => {
      if (moment > 0 || record.kind !== at || record.epoch !== 1) return;
      moment = Date.now();
      for (const thread of pool.threads.slice(-victims)) thread.terminate();
    });
    expect(error).toMatchObject(died('it exited with code 1'));
    expect(ended - moment).toBeLessThan(1000);
  });

  it('that is terminated before it has begun', async () => {
    // The others have to start first, which is not for this test to judge.
    const begun = Date.now();
    const usual = openPool(members);
    await trainCrew({ ...wishes, threads: { members, pool: usual } });
    await usual.destroy();
    const whole = Date.now() - begun;

    const pool = openPool(members);
    const moment = Date.now();
    pool.threads[1].terminate();
    const { error, ended } = await fail(pool);
    expect(error.code).toBe('E_WORKER');
    expect(ended - moment).toBeLessThan(whole + 1000);
  });
});

describe('a training that is left in the midst of a long epoch', () => {
  it.each([
    ['this thread', undefined],
    ['one other', 1],
    ['two others', 2],
  ])('ends within a second: %s', async (_, threads) => {
    const long: CrewWishes = { copies: 300, epochs: 1, layers: 3, units: 100 };
    const task = await crewTask(long);
    let left = 0;
    for await (const record of startCrew(task, { ...long, threads })) {
      if (record.kind !== 'step') continue;
      left = performance.now();
      break;
    }
    expect(performance.now() - left).toBeLessThan(1000);
    task.network.release();
    expect(engine.heap.used).toBe(0);
  });
});

describe('a memory that does not grow', () => {
  // Room for one batch of all sentences, which takes more than an arena has at first.
  const pages = 1000;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const on = { ...loadKernels(memory), heap: new Heap(memory) };
  const large: CrewWishes = { on, copies: 100, batch: 5000, epochs: 1, shards: 2, dropout: 0 };

  it.each([
    ['in this thread', undefined],
    ['in two others', 2],
  ])('ends training %s with E_MEMORY, wherever that happens', async (_, threads) => {
    const ends: string[] = [];
    for (const room of [0.1, 0.2, 0.3, 1.1, 1.5, 2.5, 4, 8, 60]) {
      const block = on.heap.allocate((pages - 2) * 65_536 - room * 2 ** 20);
      const pool = threads ? openPool(threads) : undefined;
      const training = trainCrew({ ...large, threads: pool && { members: 2, pool } });
      const end = await training.then(
        () => 'trained',
        (error: unknown) => (error instanceof TaggerError ? error.code : String(error)),
      );
      await pool?.destroy();
      on.heap.release(block);
      expect(on.heap.used, `with ${room} MiB: ${end}`).toBe(0);
      ends.push(end);
    }
    expect(ends.join(' ')).toMatch(/^(E_MEMORY ){8}trained$/);
  });
});

it('a parameter that is not a number is named with epoch and step by three threads', async () => {
  const { network } = await crewTask();
  const names = [...network.params.dense, ...network.params.tables].map(({ name }) => name);
  network.release();
  for (const name of names.filter((_, i) => i % 3 === 0)) {
    const poison = ({ network: { params } }: CrewTask) => {
      const dense = params.dense.find((one) => one.name === name);
      const table = params.tables.find((one) => one.name === name);
      if (dense) params.values(dense).fill(Number.NaN);
      if (table) params.tableValues(table).fill(Number.NaN);
    };
    const training = trainCrew({ threads: 3, dropout: 0, epochs: 3 }, (record, task) => {
      if (record.kind === 'epoch' && record.epoch === 2) poison(task);
    });
    const { code, message } = await failureOf(training);
    expect(code).toBe('E_TRAINING');
    expect(message).toContain('epoch 3, step 1 ');
    expect(message).toContain(name);
    expect(engine.heap.used).toBe(0);
  }
});
