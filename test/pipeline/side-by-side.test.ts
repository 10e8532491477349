/** From `dist`: a thread starts from a built file. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaggerError as ErrorClass } from '../../src/core/errors.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { countSideBySide } from '../../src/pipeline/many.js';
import type { Job, SideBySideRecord } from '../../src/pipeline/side-by-side.js';
import { running, workspace } from '../support/workspace.js';

/** The built file of a source; its types are those of the source, so that they can be checked before anything is built. */
const built = <T>(path: string): Promise<T> => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { runSideBySide } =
  await built<typeof import('../../src/pipeline/side-by-side.js')>('pipeline/side-by-side.js');
const { runSeeds } = await built<typeof import('../../src/pipeline/seeds.js')>('pipeline/seeds.js');
const { TaggerError } = await built<typeof import('../../src/core/errors.js')>('core/errors.js');

const small = [
  'training.epochs=1',
  'training.batch=64',
  'embeddings.0.dim=8',
  'embeddings.1.dim=4',
  'embeddings.1.filters=4',
  'encoder.units=6',
];
/** Goes on until it is stopped. */
const endless = ['training.epochs=100000', 'training.patience=100000'];

const space = workspace();
let jobs = 0;

async function jobOf(...set: string[]): Promise<Job> {
  const pipeline = await loadPipeline('conll', { set: [...small, ...set] });
  return { pipeline, options: { output: space.path(`model-${++jobs}`) } };
}

/** What each job tells, its records by their kind. */
async function collect(
  run: readonly Job[],
  options: Parameters<typeof runSideBySide>[1],
  see: (told: SideBySideRecord) => void = () => {},
) {
  const told: (string | ErrorClass)[][] = run.map(() => []);
  for await (const each of runSideBySide(run, options)) {
    see(each);
    const end = 'result' in each ? `interrupted ${each.result.interrupted}` : undefined;
    told[each.job].push('record' in each ? each.record.kind : 'error' in each ? each.error : (end ?? ''));
  }
  return told;
}

const stages = (count: number) => new Array(count).fill('stage');

describe('runs side by side', () => {
  it('give the records of each in order and the models of runs alone; an error of one leaves the others', async () => {
    const [first, second, bad] = [await jobOf(), await jobOf('seed=2'), await jobOf('corpus=nowhere')];
    const told = await collect([first, bad, second], { threads: 2 });
    for (const job of [0, 2]) {
      const main = told[job].filter((each) => each !== 'step' && each !== 'memory');
      expect(main).toEqual([...stages(6), 'epoch', 'stopped', 'stage', 'interrupted false']);
    }
    expect(told[1]).toHaveLength(1);
    expect(told[1][0]).toBeInstanceOf(TaggerError);
    expect(told[1][0]).toMatchObject({
      code: 'E_CORPUS_MISSING',
      problems: [{ expected: expect.any(String) }],
    });

    const alone = await jobOf('seed=2');
    const weights = (job: Job) => readFile(resolve(job.options.output ?? '', 'model.safetensors'));
    for await (const _ of runSideBySide([alone], { threads: 1 }));
    expect((await weights(alone)).equals(await weights(second))).toBe(true);
    expect((await weights(first)).equals(await weights(second))).toBe(false);
  });

  it('end in order when they are aborted, and the others do not begin', async () => {
    const controller = new AbortController();
    const set = await Promise.all([jobOf(...endless), jobOf(...endless), jobOf()]);
    const seen = new Set<number>();
    const told = await collect(set, { threads: 2, signal: controller.signal }, ({ job, ...each }) => {
      if ('record' in each && each.record.kind === 'epoch') seen.add(job);
      if (seen.size === 2) controller.abort();
    });
    expect(told.map((each) => each.at(-1))).toEqual(['interrupted true', 'interrupted true', undefined]);
    expect(set.map(({ options }) => existsSync(options.output ?? ''))).toEqual([true, true, false]);
  });

  it('are stopped when nobody reads on', async () => {
    const job = await jobOf(...endless);
    for await (const each of runSideBySide([job], { threads: 2 })) {
      if ('record' in each && each.record.kind === 'epoch') break;
    }
    expect(existsSync(job.options.output ?? '')).toBe(true);
  });

  it('of which none are asked for, or none after the signal, are none', async () => {
    expect(await collect([], { threads: 2 })).toEqual([]);
    expect(await collect([await jobOf()], { threads: 2, signal: AbortSignal.abort() })).toEqual([[]]);
  });

  it('lose only the one whose thread dies', async () => {
    const list = await Promise.all([jobOf(...endless), jobOf(), jobOf()]);
    space.write('jobs.json', JSON.stringify(list));
    // Loaded in every thread: ends the first one in the midst of its run.
    space.write(
      'die.mjs',
      `import { threadId } from 'node:worker_threads';
       if (threadId === 1) setTimeout(() => process.exit(7), 300);`,
    );
    space.write(
      'run.mjs',
      `import { readFileSync } from 'node:fs';
       const { runSideBySide } = await import(process.argv[2]);
       const jobs = JSON.parse(readFileSync('jobs.json'));
       for await (const { job, result, error } of runSideBySide(jobs, { threads: 2 })) {
         if (result) console.log(job, 'done');
         if (error) console.log(job, error.code, error.problems[0].found);
       }`,
    );
    const module = new URL('../../dist/pipeline/side-by-side.js', import.meta.url).href;
    const child = spawn(process.execPath, ['--import', './die.mjs', 'run.mjs', module], {
      cwd: space.folder,
    });
    const { status, stdout, stderr } = await running(child).ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trim().split('\n').sort();
    expect(lines).toEqual(['0 E_WORKER worker exited with code: 7', '1 done', '2 done']);
  });
});

describe('many runs', () => {
  it.each([
    [5, 2, 4, 4],
    [4, 2, 4, 4],
    [1, 2, 4, 0],
    [1, 2, 1, 0],
    [5, 1, 4, 0],
    [3, 4, 4, 0],
    [4, 8, 8, 0],
    [4, 8, 4, 4],
    [23, 8, 8, 23],
    [18, 8, 2, 18],
    [18, 8, 4, 16],
  ])('%i with %i workers and %i shards: %i of them side by side', (count, workers, shards, expected) => {
    expect(countSideBySide(count, workers, shards)).toBe(expected);
  });

  it('of several seeds are whole and sharded', async () => {
    const { pipeline } = await jobOf();
    const output = space.path('seeds');
    const run = runSeeds(pipeline, { count: 3, workers: 2, output });
    let next = await run.next();
    while (!next.done) next = await run.next();
    expect(next.value.runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(next.value.summary.dev.accuracy.sd).toBeGreaterThanOrEqual(0);
    expect(existsSync(space.path('seeds/best/config.json'))).toBe(true);
  });
});
