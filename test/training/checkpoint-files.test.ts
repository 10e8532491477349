/** Checkpoints: what comes back, what stays in the folder, and what kills, damage and full disks leave. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  decodeMetadata,
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from '../../src/core/safetensors.js';
import {
  readLatestCheckpoint,
  removeCheckpoints,
  writeCheckpoint,
} from '../../src/training/checkpoint-files.js';
import { readCheckpoint } from '../../src/training/checkpoint-format.js';
import { numbers, seed, seeded } from '../support/arrays.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { leftovers, running, workspace } from '../support/workspace.js';

const nameOf = (serial: number) => `checkpoint-${`${serial}`.padStart(12, '0')}.safetensors`;
const temporaryOf = (serial: number) => `.${nameOf(serial)}.01234567-89ab-cdef-0123-456789abcdef`;

function checkpointOf(serial: number, size = 100) {
  const bytes = new Uint8Array(numbers(size, seeded(serial)).buffer);
  return {
    meta: { serial },
    tensors: new Map<string, Tensor>([['w', { dtype: 'F32', shape: [size], bytes }]]),
  };
}

/** A folder `run` with checkpoints of these steps. */
async function folderWith(...serials: number[]) {
  const space = workspace({});
  const folder = space.path('run');
  for (const serial of serials) await writeCheckpoint(folder, serial, checkpointOf(serial));
  return { space, folder, newest: space.path(`run/${nameOf(serials.at(-1) ?? 0)}`) };
}

/** Another process, with `write`, `read`, `checkpointOf` and `folder` at hand; started by `shell` where there is one. */
function start(folder: string, code: string, shell?: string) {
  const script = `
    import { readdirSync } from 'node:fs';
    import { writeCheckpoint as write, readLatestCheckpoint as read } from '${pathToFileURL(resolve('dist/training/checkpoint-files.js'))}';
    const folder = ${JSON.stringify(folder)};
    const checkpointOf = (serial, size) => ({
      meta: { serial },
      tensors: new Map([['w', { dtype: 'F32', shape: [size], bytes: Buffer.alloc(4 * size, serial) }]]),
    });
    ${code}`;
  const node = ['--input-type=module', '-e', script];
  return running(
    shell ? spawn('sh', ['-c', shell, 'sh', process.execPath, ...node]) : spawn(process.execPath, node),
  );
}

describe(`checkpoints, seed ${seed}`, () => {
  it('come back to the byte', async () => {
    const large = new Uint8Array(numbers(2_500_001, seeded()).buffer);
    const tensors = new Map<string, Tensor>([
      ['odd "ü"', { dtype: 'F16', shape: [3], bytes: Uint8Array.of(1, 2, 3, 4, 5, 255) }],
      ['none', { dtype: 'F32', shape: [0, 4], bytes: new Uint8Array(0) }],
      ['large', { dtype: 'F32', shape: [2_500_001], bytes: large }],
      ['7', { dtype: 'F32', shape: [1], bytes: large.subarray(9, 13) }],
    ]);
    const meta = { text: '"sha256":"ü\n', numbers: [0.1, -1e-300, null], nested: { of: {} } };
    const { folder } = await folderWith();
    await writeCheckpoint(folder, 12, { meta, tensors });
    const found = await readLatestCheckpoint(folder);
    expect(found).toMatchObject({ file: join(folder, 'checkpoint-000000000012.safetensors'), skipped: [] });
    expect(found?.meta).toEqual(meta);
    expect(found?.tensors.size).toBe(tensors.size);
    for (const [name, { dtype, shape, bytes }] of tensors) {
      expect(found?.tensors.get(name), name).toMatchObject({ dtype, shape });
      expect(Buffer.compare(found!.tensors.get(name)!.bytes, bytes), name).toBe(0);
    }
  });

  it('are safetensors files, with the sha256 of the file as it is with zeros in that place', async () => {
    const { newest } = await folderWith(3);
    const bytes = readFileSync(newest);
    const { sha256, ...others } = decodeMetadata(bytes, newest);
    expect(others).toEqual({ format: 'tagger-checkpoint', version: '1', meta: '{"serial":3}' });
    const blank = Buffer.from(bytes.toString('latin1').replace(sha256, '0'.repeat(64)), 'latin1');
    expect(createHash('sha256').update(blank).digest('hex')).toBe(sha256);
    expect([...decodeSafetensors(bytes, newest).get('w')!.bytes]).toEqual([
      ...checkpointOf(3).tensors.get('w')!.bytes,
    ]);
  });

  it('but the last two are removed', async () => {
    const { folder } = await folderWith(1, 2, 9, 10, 100);
    expect(readdirSync(folder)).toEqual([nameOf(10), nameOf(100)]);
    expect((await readLatestCheckpoint(folder))?.meta).toEqual({ serial: 100 });
    await writeCheckpoint(folder, 100, { ...checkpointOf(100), meta: 'again' });
    expect(readdirSync(folder)).toEqual([nameOf(10), nameOf(100)]);
    expect((await readLatestCheckpoint(folder))?.meta).toBe('again');
  });

  it('of an earlier step than those that are there are kept: the later ones may be those that cannot be used', async () => {
    const { folder } = await folderWith(10, 20, 30, 12, 14);
    expect(readdirSync(folder)).toEqual([12, 14, 20, 30].map(nameOf));
  });

  it('take old temporary files with them, but no young ones, which another run may be writing, and nothing else', async () => {
    const { space, folder } = await folderWith();
    const [young, old] = [temporaryOf(4), temporaryOf(5)];
    const others = ['.checkpoint', 'checkpoint-1.safetensors', 'notes.txt', `${nameOf(1)}.bak`];
    for (const name of [young, old, ...others]) space.write(`run/${name}`, 'text');
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const name of [old, ...others]) utimesSync(join(folder, name), hourAgo, hourAgo);
    for (const serial of [1, 2, 3]) await writeCheckpoint(folder, serial, checkpointOf(serial));
    expect(readdirSync(folder).sort()).toEqual([young, ...others, nameOf(2), nameOf(3)].sort());
  });

  it('of runs that write in one folder at once are whole', async () => {
    const { folder } = await folderWith();
    const serials = Array.from({ length: 12 }, (_, i) => 1 + (i % 3));
    await Promise.all(
      serials.map((serial, run) => {
        const { tensors } = checkpointOf(run, 50_000);
        return writeCheckpoint(folder, serial, { meta: run, tensors });
      }),
    );
    const names = readdirSync(folder);
    expect(leftovers(names)).toEqual([]);
    expect(names).toContain(nameOf(3));
    for (const name of names) {
      const { meta, tensors } = await readCheckpoint(join(folder, name));
      const { bytes } = checkpointOf(Number(meta), 50_000).tensors.get('w')!;
      expect(Buffer.compare(tensors.get('w')!.bytes, bytes)).toBe(0);
    }
  });

  it('are none where there is no folder, or nothing of ours in it', async () => {
    const { space, folder } = await folderWith();
    expect(await readLatestCheckpoint(folder)).toBeUndefined();
    space.write('run/notes.txt', 'text');
    space.write(`run/${temporaryOf(1)}`, 'half');
    expect(await readLatestCheckpoint(folder)).toBeUndefined();
  });

  it('are removed with what killed runs left, and so is their folder when it holds nothing else', async () => {
    const { space, folder } = await folderWith(1, 2);
    space.write(`run/${temporaryOf(3)}`, 'half');
    space.write('run/notes.txt', 'dear to me');
    await removeCheckpoints(folder);
    expect(space.list()).toEqual(['run', 'run/notes.txt']);
    const other = await folderWith(1);
    await removeCheckpoints(other.folder);
    expect(other.space.list()).toEqual([]);
    await removeCheckpoints(other.folder);
  });
});

describe(`a damaged checkpoint, seed ${seed}`, () => {
  it('is noticed whichever byte is another one', async () => {
    const { space, folder, newest } = await folderWith(1);
    const bytes = readFileSync(newest);
    const random = seeded();
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at] ^= 1 + random.below(255);
      space.write(`run/${nameOf(1)}`, altered);
      const { code } = await taggerErrorOf(readLatestCheckpoint(folder));
      expect(code, `byte ${at}: ${bytes[at]} → ${altered[at]}`).toBe('E_MODEL');
    }
    space.write(`run/${nameOf(1)}`, bytes);
    expect((await readLatestCheckpoint(folder))?.meta).toEqual({ serial: 1 });
  });

  it('is noticed wherever it is cut, and with a byte too many', async () => {
    const { space, folder, newest } = await folderWith(1);
    const bytes = readFileSync(newest);
    for (let length = 0; length < bytes.length; length++) {
      space.write(`run/${nameOf(1)}`, bytes.subarray(0, length));
      const { code } = await taggerErrorOf(readLatestCheckpoint(folder));
      expect(code, `${length} bytes`).toBe('E_MODEL');
    }
    space.write(`run/${nameOf(1)}`, Buffer.concat([bytes, Buffer.alloc(1)]));
    await taggerErrorOf(readLatestCheckpoint(folder));
  });

  it('is noticed in one bit of a large tensor', async () => {
    const { space, folder } = await folderWith();
    await writeCheckpoint(folder, 1, checkpointOf(1, 3_000_000));
    const bytes = readFileSync(join(folder, nameOf(1)));
    const random = seeded();
    for (let i = 0; i < 5; i++) {
      const at = random.below(bytes.length);
      bytes[at] ^= 1 << random.below(8);
      space.write(`run/${nameOf(1)}`, bytes);
      const { code } = await taggerErrorOf(readLatestCheckpoint(folder));
      expect(code, `byte ${at}`).toBe('E_MODEL');
    }
  });

  it('is skipped and told, and the one before it is taken', async () => {
    const { space, folder, newest } = await folderWith(1, 2);
    space.write(`run/${nameOf(2)}`, readFileSync(newest).subarray(0, -1));
    const found = await readLatestCheckpoint(folder);
    expect(found).toMatchObject({ meta: { serial: 1 }, file: join(folder, nameOf(1)) });
    expect(found?.skipped).toEqual([
      {
        message: 'this checkpoint cannot be used',
        place: { file: newest },
        expected: 'a whole checkpoint of version 1',
        found: expect.stringMatching(/^cut or altered: its sha256 is [\da-f]{64}$/),
        hint: expect.stringContaining('delete it'),
      },
    ]);
  });

  it('is told with all others when none can be used', async () => {
    const { space, folder } = await folderWith();
    const { tensors } = checkpointOf(0);
    const file = (metadata?: Record<string, string>) => Buffer.concat(encodeSafetensors(tensors, metadata));
    space.write(`run/${nameOf(5)}`, file({ format: 'tagger-checkpoint', version: '2' }));
    space.write(`run/${nameOf(4)}`, file());
    space.write(`run/${nameOf(3)}`, 'text');
    space.write(`run/${nameOf(2)}`, '');
    mkdirSync(join(folder, nameOf(1)));
    const { code, problems } = await taggerErrorOf(readLatestCheckpoint(folder));
    expect(code).toBe('E_MODEL');
    expect(problems.map(({ place }) => place?.file)).toEqual(
      [5, 4, 3, 2, 1].map((serial) => join(folder, nameOf(serial))),
    );
    expect(problems.map(({ found }) => found)).toEqual([
      'version 2',
      'a safetensors file that is no checkpoint',
      'not a safetensors file, or cut',
      'not a safetensors file, or cut',
      expect.stringContaining('EISDIR'),
    ]);
  });
});

describe('a place that cannot be used is told:', () => {
  it('one below a file', async () => {
    const space = workspace({ notes: 'text' });
    const folder = space.path('notes/run');
    const { code, problems } = await taggerErrorOf(writeCheckpoint(folder, 1, checkpointOf(1)));
    expect(code).toBe('E_WRITE');
    expect(problems).toEqual([
      {
        message: 'cannot save the checkpoint',
        place: { file: join(folder, nameOf(1)) },
        expected: expect.stringMatching(/^a folder that can be written to, with room for \d+ bytes$/),
        found: expect.stringContaining('ENOTDIR'),
      },
    ]);
    expect(await taggerErrorOf(readLatestCheckpoint(folder))).toMatchObject({ code: 'E_FILE_MISSING' });
    expect(await taggerErrorOf(removeCheckpoints(folder))).toMatchObject({ code: 'E_WRITE' });
    expect(space.list()).toEqual(['notes']);
  });

  it('one where the name is taken by a folder, and nothing is left behind', async () => {
    const { space, folder } = await folderWith(1, 2);
    mkdirSync(space.path(`run/${nameOf(3)}`));
    const { code } = await taggerErrorOf(writeCheckpoint(folder, 3, checkpointOf(3)));
    expect(code).toBe('E_WRITE');
    expect(readdirSync(folder)).toEqual([1, 2, 3].map(nameOf));
    expect((await readLatestCheckpoint(folder))?.meta).toEqual({ serial: 2 });
  });

  // Root may write everywhere.
  if (process.getuid && process.getuid() !== 0) {
    it('a folder without the right to write', async () => {
      const { folder } = await folderWith(1, 2);
      chmodSync(folder, 0o555);
      const writing = await taggerErrorOf(writeCheckpoint(folder, 3, checkpointOf(3)));
      const removing = await taggerErrorOf(removeCheckpoints(folder));
      chmodSync(folder, 0o755);
      for (const { code, problems } of [writing, removing]) {
        expect({ code, found: problems[0].found }).toEqual({
          code: 'E_WRITE',
          found: expect.stringContaining('EACCES'),
        });
      }
      expect(readdirSync(folder)).toEqual([1, 2].map(nameOf));
    });
  }
});

/** Ways to have room for about 1 MB, in a shell that starts the process; the small disk is in a name space of its own. */
const narrow: [what: string, error: string, shell: (folder: string) => string][] = [];
if (process.platform !== 'win32') {
  narrow.push(['a limit on the size of files', 'EFBIG', () => 'ulimit -f 2000 && exec "$@"']);
}
const inOwnSpace = (folder: string, then: string) =>
  `exec unshare -rm sh -c 'mount -t tmpfs -o size=1m tagger-test "${folder}" && ${then}' "$@"`;
if (spawnSync('sh', ['-c', inOwnSpace(tmpdir(), 'true')]).status === 0) {
  narrow.push(['a full disk', 'ENOSPC', (folder) => inOwnSpace(folder, 'exec "$0" "$@"')]);
}

it.each(narrow)(
  '%s is told, the file is removed and the earlier checkpoints stay',
  async (_, error, shell) => {
    const { folder } = workspace({});
    const code = `
    await write(folder, 1, checkpointOf(1, 100));
    await write(folder, 2, checkpointOf(2, 100));
    const { code, problems } = await write(folder, 3, checkpointOf(3, 1_000_000)).catch((error) => error);
    const { meta, skipped } = await read(folder);
    console.log(JSON.stringify({ code, problems, meta, skipped, files: readdirSync(folder) }));`;
    const { status, stdout, stderr } = await start(folder, code, shell(folder)).ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'E_WRITE',
      problems: [{ place: { file: join(folder, nameOf(3)) }, found: expect.stringContaining(error) }],
      meta: { serial: 2 },
      skipped: [],
      files: [1, 2].map(nameOf),
    });
  },
);

it(`a kill at any moment leaves whole checkpoints, the last one told among them, seed ${seed}`, async () => {
  const { folder } = workspace({});
  const random = seeded();
  const size = 1_000_000;
  let unfinished = 0;
  for (let round = 0, first = 1; round < 12; round++) {
    const code = `
      for (let serial = ${first}; ; serial++) {
        await write(folder, serial, checkpointOf(serial, ${size}));
        console.error('wrote ' + serial + '.');
      }`;
    const run = start(folder, code);
    await run.saw(`wrote ${first + 2}.`);
    await new Promise((done) => setTimeout(done, random.below(20)));
    run.process.kill('SIGKILL');
    const told = Number((await run.ended).stderr.match(/(\d+)\.\n$/)?.[1]);
    const names = readdirSync(folder);
    const whole = names.filter((name) => !name.startsWith('.'));
    expect(whole.length === 2 || whole.length === 3, whole.join()).toBe(true);
    for (const name of whole) {
      const { meta, tensors } = await readCheckpoint(join(folder, name));
      const { serial } = meta as { serial: number };
      expect(name).toBe(nameOf(serial));
      expect(Buffer.compare(tensors.get('w')!.bytes, Buffer.alloc(4 * size, serial))).toBe(0);
    }
    const found = await readLatestCheckpoint(folder);
    const { serial } = found!.meta as { serial: number };
    expect(serial === told || serial === told + 1, `told ${told}, found ${serial}`).toBe(true);
    unfinished = names.length - whole.length;
    first = serial + 1;
  }
  expect(unfinished).toBeGreaterThan(0);
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of leftovers(readdirSync(folder))) utimesSync(join(folder, name), hourAgo, hourAgo);
  await writeCheckpoint(folder, 1_000_000, checkpointOf(1));
  expect(leftovers(readdirSync(folder))).toEqual([]);
});
