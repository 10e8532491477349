/** Ctrl-C, kills and runs that get into each other's way: the model is complete or absent, and an old one stays. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Tagger } from '../../src/tagger/index.js';
import { leftovers, running, workspace } from '../support/workspace.js';

const endless = ['--set', 'training.epochs=100000', '--set', 'training.patience=100000'];

async function expectWhole(model: string) {
  const tagger = await Tagger.load(model);
  expect(tagger.tag([['Rain', 'fell']])[0]).toHaveLength(2);
  tagger.close();
}

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('in training saves the best model so far, says so and ends with 130', async () => {
    const space = workspace();
    const run = space.start(['train', 'tiny', '--json', ...endless]);
    await run.saw('epoch      3/100000');
    run.process.kill('SIGINT');
    const { status, stdout, stderr } = await run.ended;
    expect(status).toBe(130);
    expect(stderr).toContain(
      'stopping after this step: checkpoint and best model are saved; Ctrl-C again ends at once\n',
    );
    expect(stderr).toMatch(/^interrupted; the model of the best epoch \d+ is saved, --resume goes on$/m);
    const { epochs, dev } = JSON.parse(stdout);
    expect(epochs).toBeGreaterThanOrEqual(3);
    await expectWhole(space.path('models/tiny'));
    const { stdout: again } = space.run(['evaluate', 'models/tiny', 'dev.txt', '--json']);
    expect(JSON.parse(again)).toEqual(dev);
    expect(leftovers(space.list())).toEqual([]);
  });

  it.each([
    ['that waits', 'await new Promise(() => {})'],
    ['in the midst of a computation', 'for (;;) {}'],
  ])('a second time ends work at once %s', async (_, busy) => {
    const module = pathToFileURL(resolve('dist/cli/interrupt.js'));
    const script = `
      import { interruptible } from '${module}';
      setInterval(() => {}, 1000);
      await interruptible('stopping', async (signal) => {
        console.error('ready');
        await new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 10)));
        console.error('busy');
        ${busy}
      });`;
    const run = running(spawn(process.execPath, ['--input-type=module', '-e', script]));
    await run.saw('ready');
    run.process.kill('SIGINT');
    await run.saw('busy');
    run.process.kill('SIGINT');
    const { status, signal, stderr } = await run.ended;
    expect(signal === 'SIGINT' || status === 130).toBe(true);
    expect(stderr).toBe('ready\n\nstopping\nbusy\n');
  });
});

describe('a kill at any moment', () => {
  it('leaves a whole model or none', async () => {
    const space = workspace();
    const model = space.path('models/tiny');
    // Most of them while the model is written, after the last stage is shown.
    const moments = [0, 1, 2, 3, 4, 6, 8, 12].map((delay) => ['[7/7]', delay] as const);
    for (const [sign, delay] of [['[1/7]', 0], ['epoch 2/3', 1], ...moments] as const) {
      const run = space.start(['train', 'tiny', '--force']);
      await run.saw(sign);
      await new Promise((done) => setTimeout(done, delay));
      run.process.kill('SIGKILL');
      await run.ended;
      if (existsSync(model)) await expectWhole(model);
    }
    expect(space.run(['train', 'tiny', '--quiet', '--force'])).toMatchObject({ status: 0 });
    await expectWhole(model);
  });
});

describe('runs that save in one place at once', () => {
  it('all succeed, and the model is whole', async () => {
    const space = workspace();
    // Without, a run that starts late takes the checkpoints of another for those of an interrupted one, and is refused.
    const runs = ['1', '2', '3'].map((seed) => space.start(['train', 'tiny', '--seed', seed, '--force']));
    for (const run of runs) expect(await run.ended).toMatchObject({ status: 0 });
    await expectWhole(space.path('models/tiny'));
    expect(leftovers(space.list())).toEqual([]);
  });
});

describe('a place where no model can be saved is refused before training:', () => {
  it.each([
    [
      'a file',
      'tiny.yaml',
      /^error E_USAGE: .*\/tiny\.yaml: this is no model, and it would be lost\n {2}expected: .*\n {2}found: a file\n/,
    ],
    [
      'a folder with other files',
      '.',
      /^error E_USAGE: \/.*: this is no model, and it would be lost\n {2}expected: .*\n {2}found: a folder with other files\n/,
    ],
    ['no name', '', /^error E_USAGE: \/.*: this is no model, and it would be lost\n/],
    ['a place below a file', 'tiny.yaml/m', /^error E_WRITE: tiny\.yaml\/m: cannot save the model\n/],
  ])('%s', (_, output, message) => {
    const space = workspace();
    const before = space.list();
    const { status, stdout, stderr } = space.run(['train', 'tiny', '-o', output]);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(space.list()).toEqual(before);
  });

  // Root may write everywhere; it has the read-only disk below instead.
  if (process.getuid && process.getuid() !== 0) {
    it('a folder without the right to write', () => {
      const space = workspace();
      mkdirSync(space.path('closed'), { mode: 0o555 });
      const { status, stderr } = space.run(['train', 'tiny', '-o', 'closed/m']);
      chmodSync(space.path('closed'), 0o755);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^error E_WRITE: closed\/m: cannot save the model\n {2}expected: .*\n {2}found: EACCES/,
      );
    });
  }
});

/** A small file system of its own, which only root can mount; without one its tests are not there. */
function mountedDisk(): { folder: string; mount: (...args: string[]) => boolean } | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = workspace({}).folder;
  const mount = (...args: string[]) => spawnSync('mount', [...args, folder]).status === 0;
  return mount('-t', 'tmpfs', '-o', 'size=256k', 'tagger-test') ? { folder, mount } : undefined;
}

const disk = mountedDisk();
afterAll(() => disk && spawnSync('umount', [disk.folder]));

function diskTests({ folder, mount }: NonNullable<typeof disk>): void {
  const space = workspace();
  const output = `${folder}/m`;
  const train = () => space.run(['train', 'tiny', '--epochs', '1', '-o', output]);

  it('that is full is told, and the old model stays', async () => {
    expect(train().status).toBe(0);
    spawnSync('dd', ['if=/dev/zero', `of=${folder}/filler`, 'bs=1k']);
    const { status, stdout, stderr } = train();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error E_WRITE: .*\/m: cannot save the model\n {2}expected: .*\n {2}found: ENOSPC/m,
    );
    await expectWhole(output);
    expect(spawnSync('ls', ['-A', `${folder}`], { encoding: 'utf8' }).stdout).toBe('filler\nm\n');
    writeFileSync(`${folder}/filler`, '');
  });

  it('that is read-only is told before training, and the old model stays', async () => {
    expect(mount('-o', 'remount,ro')).toBe(true);
    const { status, stdout, stderr } = train();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error E_WRITE: .*\/m: cannot save the model\n {2}expected: .*\n {2}found: EROFS/,
    );
    await expectWhole(output);
  });
}

if (disk) describe('a disk', () => diskTests(disk));
