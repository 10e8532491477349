/** The real command, killed, interrupted and out of disk: `--resume` leads to the model that it would have been. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLatestCheckpoint } from '../../src/training/checkpoint-files.js';
import type { Progress } from '../../src/training/state.js';
import { seed, seeded } from '../support/arrays.js';
import { type Ended, leftovers, main, type Running, running, workspace } from '../support/workspace.js';

type Space = ReturnType<typeof workspace>;

/** The bundled corpus with a small network; a checkpoint as often as there can be one, ten times a second. */
const settings = [
  'encoder.units=20',
  'embeddings.0.dim=20',
  'training.optimizer={kind: adam, rate: 0.01}',
  'training.checkpoint=0.0001',
];
const train = [
  'train',
  'conll',
  '--json',
  '--epochs',
  '2',
  ...settings.flatMap((setting) => ['--set', setting]),
];
const folder = 'models/conll.checkpoints';

const hashOf = ({ stdout }: Ended): string => JSON.parse(stdout).hash;

let undisturbed: string;
beforeAll(() => {
  undisturbed = hashOf(workspace({}).run(train));
});

async function progressOf(space: Space): Promise<Progress<unknown> | undefined> {
  const found = await readLatestCheckpoint(space.path(folder));
  return (found?.meta as { progress: Progress<unknown> } | undefined)?.progress;
}

/** Goes on to the end, which must be that of the run that nobody disturbed, with nothing left over. */
function expectSame(space: Space, more: readonly string[] = []): Ended {
  const ended = space.run([...train, '--resume', ...more]);
  expect(ended).toMatchObject({ status: 0 });
  expect(hashOf(ended)).toBe(undisturbed);
  expect(existsSync(space.path(folder))).toBe(false);
  // What a kill left of a model half saved stays for a while: it might be that of a live run.
  expect(leftovers(space.list()).filter((file) => !/^models[\\/]\.conll\./.test(file))).toEqual([]);
  return ended;
}

const delay = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe(`training that is killed, seed ${seed}`, () => {
  it('again and again, by turns with other numbers of workers, goes on to the same model', async () => {
    const space = workspace({});
    const random = seeded();
    for (let round = 0; round < 4; round++) {
      const run = space.start([...train, '--resume', '--workers', `${1 + random.below(3)}`]);
      await run.saw('[6/7]');
      await delay(50 + random.below(600));
      run.process.kill('SIGKILL');
      await run.ended;
    }
    expectSame(space, ['--workers', '2']);
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  const stopping =
    '\nstopping after this step: checkpoint and best model are saved; Ctrl-C again ends at once\n';
  const interrupt = async (run: Running, sign: string) => {
    await run.saw(sign);
    run.process.kill('SIGINT');
  };

  it.each(['1', '2'])(
    'stops in the midst of an epoch with a checkpoint and the best model; %s workers',
    async (workers) => {
      const space = workspace({});
      const run = space.start([...train, '--workers', workers]);
      await interrupt(run, 'epoch 1/2');
      const ended = await run.ended;
      expect(ended.status).toBe(130);
      expect(ended.stderr).toContain(stopping);
      expect(ended.stderr).toMatch(
        /^interrupted; the model of the best epoch 1 is saved, --resume goes on$/m,
      );
      expect(ended.stderr).not.toContain('epoch 2/2');
      const progress = await progressOf(space);
      expect(progress).toMatchObject({ epoch: 2 });
      const again = space.run(train);
      expect(again.status).toBe(2);
      expect(again.stderr).toMatch(/^error E_USAGE: .*was interrupted and can go on/m);
      expectSame(space);
    },
  );

  it('in the first epoch ends with 130 and says how to go on', async () => {
    const space = workspace({});
    const run = space.start(train);
    await interrupt(run, '[6/7]');
    const ended = await run.ended;
    expect(ended).toMatchObject({ status: 130, stdout: '' });
    expect(ended.stderr).toContain(stopping);
    expect(ended.stderr).toMatch(/^error E_INTERRUPTED: .*\n.*--resume goes on from here/m);
    expect(await progressOf(space)).toMatchObject({ epoch: 1 });
    expectSame(space);
  });

  it('a second time ends at once, and the checkpoint before is good', async () => {
    const space = workspace({});
    const run = space.start(train);
    await interrupt(run, 'epoch 1/2');
    await interrupt(run, 'stopping after this step');
    const { status, signal } = await run.ended;
    expect(signal === 'SIGINT' || status === 130).toBe(true);
    expectSame(space);
  });
});

describe.skipIf(process.platform === 'win32')('a disk with no room for a checkpoint', () => {
  it('is told, and training ends as ever', async () => {
    const space = workspace({});
    // In blocks of 512 or 1024 bytes: room for a model (440 kB), not for a checkpoint, which has the optimizer's state too.
    const shell = ['-c', 'ulimit -f 1000 && exec "$@"', 'sh', process.execPath, main, ...train];
    const ended = await running(spawn('sh', shell, { cwd: space.folder })).ended;
    expect(ended.status).toBe(0);
    expect(ended.stderr).toMatch(/^warning: no checkpoint: .*cannot save the checkpoint$/m);
    expect(hashOf(ended)).toBe(undisturbed);
    expect(existsSync(space.path(folder))).toBe(false);
    expect(leftovers(space.list())).toEqual([]);
  });
});
