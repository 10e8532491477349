/** The meeting of a crew, with real threads: each runs a script that fails loudly where two of them disagree. */
import { EventEmitter, once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { Meeting } from '../../src/core/meeting.js';
import { seed, seeded } from '../support/arrays.js';

const script = (body: string) => `
  import assert from 'node:assert';
  import { parentPort, workerData } from 'node:worker_threads';
  import { Random } from '${pathToFileURL(resolve('dist/core/random.js'))}';
  import { Broken, Meeting } from '${pathToFileURL(resolve('dist/core/meeting.js'))}';
  const { members, spin, buffer, index, seed, shared } = workerData;
  const meeting = new Meeting(members, spin, buffer);
  const random = new Random(seed, index);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  /** Mostly at once, at times busy for some microseconds, at times asleep for long enough that others sleep too. */
  const dawdle = () => {
    const kind = random.below(50);
    if (kind === 0) Atomics.wait(pause, 0, 0, 2 * random.uniform());
    else if (kind < 20) for (let i = random.below(5000); i > 0; i--) Atomics.load(pause, 0);
  };
  ${body}`;

const threads: Worker[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.terminate())));

/** Members that run the body, with 32-bit integers that they share. */
function gather(members: number, spin: number, body: string, ints = 1) {
  const meeting = new Meeting(members, spin);
  const shared = new Int32Array(new SharedArrayBuffer(ints * 4));
  const workers = Array.from({ length: members }, (_, index) => {
    const workerData = { members, spin, buffer: meeting.buffer, index, seed, shared };
    return new Worker(new URL(`data:text/javascript,${encodeURIComponent(script(body))}`), { workerData });
  });
  threads.push(...workers);
  const said = new EventEmitter();
  for (const worker of workers) worker.on('message', (text) => said.emit('message', text));
  /** Rejects with what a member threw. */
  const ended = Promise.all(workers.map((worker) => once(worker, 'exit')));
  return { meeting, shared, workers, ended, next: () => Promise.race([once(said, 'message'), ended]) };
}

const cores = availableParallelism();
/** Members, milliseconds of spin, rounds. */
const crowds: [what: string, members: number, spin: number, rounds: number][] = [
  ['one', 1, 0, 1000],
  ['two that spin', 2, 0.5, 800],
  ['two that sleep', 2, 0, 800],
  ['more than cores, asleep', cores + 3, 0, 300],
  ['more than cores that spin', cores + 1, 0.2, 300],
];

describe.each(crowds)(`a meeting of %s, seed ${seed}`, (_, members, spin, rounds) => {
  it('lets nobody go on before all have come, and the last to come does its work before', async () => {
    const body = `
      const [came, worked] = [0, 1];
      for (let round = 1; round <= ${rounds}; round++) {
        dawdle();
        Atomics.add(shared, came, 1);
        meeting.meet(() => {
          assert.equal(Atomics.load(shared, came), members * round);
          dawdle();
          Atomics.add(shared, worked, 1);
        });
        assert(Atomics.load(shared, came) >= members * round);
        assert.equal(Atomics.load(shared, worked), round);
      }`;
    const { shared, ended } = gather(members, spin, body, 2);
    await ended;
    expect([...shared]).toEqual([members * rounds, rounds]);
  });

  it.each([
    ['of one list', 'for (let job = meeting.claim(); job < jobs; job = meeting.claim()) work(job);'],
    ['that they share', 'meeting.share(index, jobs, work);'],
  ])('gives every job of a round to one of them: jobs %s', async (_, claim) => {
    // As many jobs as there are not always for all.
    const body = `
      for (let round = 0; round < ${rounds}; round++) {
        const jobs = (7 * round) % 12;
        const work = (job) => {
          dawdle();
          Atomics.add(shared, round * 12 + job, 1);
        };
        ${claim}
        meeting.meet();
        for (let job = 0; job < 12; job++) {
          assert.equal(Atomics.load(shared, round * 12 + job), job < jobs ? 1 : 0, 'job ' + job + ' of round ' + round);
        }
      }`;
    const { ended } = gather(members, spin, body, rounds * 12);
    await ended;
  });

  it('stops for a pause in the same round for all, and goes on when called', async () => {
    // What each of them counted, behind the number of the call.
    const body = `
      for (let call = 0, round = 0; ; ) {
        call = meeting.next(call);
        if (Atomics.load(shared, members) === 1) break;
        do {
          dawdle();
          round++;
          meeting.meet(() => meeting.decideToStop());
        } while (!meeting.isStopped);
        shared[index] = round;
        meeting.meet(() => parentPort.postMessage('all stopped'));
      }`;
    const { meeting, shared, ended, next } = gather(members, spin, body, members + 1);
    const random = seeded(members, rounds);
    let before = 0;
    for (let call = 0; call < 25; call++) {
      const stopped = next();
      meeting.call();
      await new Promise((done) => setTimeout(done, random.below(4)));
      meeting.pause();
      await stopped;
      const counts = new Set(shared.subarray(0, members));
      expect(counts.size, [...shared].join()).toBe(1);
      expect(shared[0]).toBeGreaterThan(before);
      before = shared[0];
    }
    shared[members] = 1;
    meeting.call();
    await ended;
  });
});

describe('a member that shares jobs', () => {
  it('does those of its own part first, and then those of the others', () => {
    const meeting = new Meeting(3, 0);
    const done: number[] = [];
    meeting.share(1, 8, (job) => done.push(job));
    expect(done).toEqual([2, 3, 4, 5, 6, 7, 0, 1]);
    meeting.share(0, 8, () => expect.fail('all jobs are done'));
  });
});

describe('a meeting that is broken off', () => {
  it.each([
    ['who spins', Number.POSITIVE_INFINITY, 'meeting.meet()'],
    ['who sleeps', 0, 'meeting.meet()'],
    ['who waits for a call', 0, 'meeting.next(0)'],
  ])('frees everybody %s within a second', async (_, spin, wait) => {
    // The last one never comes.
    const body = `
      parentPort.postMessage('ready');
      if (index < members - 1) assert.throws(() => ${wait}, Broken);
      assert(meeting.isBroken || index === members - 1);`;
    const { meeting, workers, ended } = gather(4, spin, body);
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await new Promise((done) => setTimeout(done, 20));
    expect(workers.slice(0, -1).map(({ threadId }) => threadId)).not.toContain(-1);
    const before = performance.now();
    meeting.break();
    await ended;
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each([1, 3])('frees who comes later, too: %i members', async (members) => {
    const body = `
      assert.throws(() => meeting.next(0), Broken);
      // The last to come waits for nobody, and is told all the same.
      assert.throws(() => meeting.meet(), Broken);`;
    const { meeting, ended } = gather(members, 0, body);
    meeting.break();
    await ended;
  });
});
