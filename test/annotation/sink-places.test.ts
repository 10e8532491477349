/** Streams, devices, full disks and places that cannot be written. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSink } from '../../src/annotation/sinks/index.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { running, workspace } from '../support/workspace.js';
import { at, base, doc, space } from './sink-space.js';

describe('a stream', () => {
  /** A reader that takes one piece at a time, and tells how many wait at most. */
  function slow() {
    const taken: string[] = [];
    let most = 0;
    const stream: Writable = new Writable({
      highWaterMark: 16,
      decodeStrings: false,
      write(chunk, _, done) {
        most = Math.max(most, stream.writableLength);
        taken.push(String(chunk));
        setImmediate(done);
      },
    });
    return { stream, taken, most: () => most };
  }

  it.each([undefined, '-'])('takes the place of %s, no faster than it is read', async (target) => {
    const { stream, taken, most } = slow();
    const sink = await openSink(target, { ...base, stdout: stream });
    for (let i = 0; i < 200; i++) await sink.write(doc(i));
    await sink.finish(at(200));
    const expected = Array.from({ length: 200 }, (_, i) => `<${i}>`).join();
    stream.end();
    await new Promise((done) => stream.on('finish', done));
    expect(taken.join('')).toBe(`[${expected}]`);
    expect(most()).toBeLessThan(64);
    expect({ from: sink.from, isResumable: sink.isResumable }).toEqual({
      from: undefined,
      isResumable: false,
    });
  });

  it('cannot be resumed', async () => {
    const error = await taggerErrorOf(openSink('-', { ...base, resume: true }));
    expect(error).toMatchObject({
      code: 'E_USAGE',
      problems: [{ place: { key: '--resume' }, hint: '-o FILE' }],
    });
  });

  it('has its errors in a file at once', async () => {
    const { path, contents } = space();
    const sink = await openSink('-', { ...base, stdout: slow().stream, errors: path('errors') });
    await sink.writeError('one');
    expect(contents()).toEqual({ errors: 'one\n' });
    await sink.abandon();
    expect(contents()).toEqual({ errors: 'one\n' });
  });

  it.skipIf(process.platform === 'win32')('is written straight to a device', async () => {
    const sink = await openSink('/dev/null', base);
    await sink.write(doc(0));
    await sink.finish(at(1));
    expect(existsSync('/dev/null.part')).toBe(false);
    expect(await taggerErrorOf(openSink('/dev/null', { ...base, resume: true }))).toMatchObject({
      code: 'E_USAGE',
    });
  });

  it.skipIf(!existsSync('/dev/full'))('that is full is told', async () => {
    const sink = await openSink('/dev/full', base);
    const { code, problems } = await taggerErrorOf(sink.write(doc(0)));
    expect({ code, ...problems[0] }).toMatchObject({ code: 'E_WRITE', place: { file: '/dev/full' } });
    await sink.abandon();
  });
});

describe('a place that cannot be written', () => {
  it.each([
    ['nowhere', 'none/out', undefined],
    ['below a file', 'file/out', undefined],
    ['errors nowhere', 'out', 'none/errors'],
    ['a folder for errors', 'out', 'folder'],
  ])('%s is told, and nothing is left', async (_, target, errors) => {
    const { refused, write, path, contents } = space();
    write('file', '');
    mkdirSync(path('folder'));
    const { code } = await refused(target, { errors: errors && path(errors) });
    expect(code).toBe('E_WRITE');
    expect(contents()).toEqual({ file: '' });
  });

  it('one file for documents and errors is wrong usage', async () => {
    const { refused, path } = space();
    expect(await refused('out', { errors: path('out') })).toMatchObject({ code: 'E_USAGE' });
  });
});

const inOwnSpace = (folder: string, then: string) =>
  `exec unshare -rm sh -c 'mount -t tmpfs -o size=1m tagger-test "${folder}" && ${then}' "$@"`;
const canMount = spawnSync('sh', ['-c', inOwnSpace(tmpdir(), 'true')]).status === 0;

it.skipIf(!canMount).each(['out.txt', 'out/'])(
  'a full disk under %s says how to go on, which gives the whole output',
  async (target) => {
    const { path } = workspace({ 'disk/.keep': '' });
    const disk = path('disk');
    const code = `
      import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
      import { openSink } from '${pathToFileURL(resolve('dist/annotation/sinks/index.js'))}';
      process.chdir('${disk}');
      writeFileSync('ballast', Buffer.alloc(400_000));
      const layout = { ending: '.txt', head: '', between: '', tail: '' };
      async function write(resume) {
        const sink = await openSink('${target}', { layout, settings: {}, stdout: process.stdout, resume });
        const from = sink.from?.position ?? 0;
        try {
          for (let i = from; i < 40; i++) {
            await sink.write({ id: 'd' + i, content: String(i).padStart(20_000) });
            await sink.checkpoint({ position: i + 1, counts: {} });
          }
          await sink.finish({ position: 40, counts: {} });
          return { from };
        } catch ({ code, problems }) {
          await sink.abandon();
          return { code, problems };
        }
      }
      const failed = await write(false);
      rmSync('ballast');
      const resumed = await write(true);
      const files = readdirSync('.', { recursive: true }).map((path) => statSync(path)).filter((found) => found.isFile());
      console.log(JSON.stringify({ failed, resumed, sizes: files.map(({ size }) => size) }));`;
    const node = [process.execPath, '--input-type=module', '-e', code];
    const shell = inOwnSpace(disk, 'exec "$0" "$@"');
    const { status, stdout, stderr } = await running(spawn('sh', ['-c', shell, 'sh', ...node])).ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { failed, resumed, sizes } = JSON.parse(stdout);
    expect(failed).toMatchObject({
      code: 'E_WRITE',
      problems: [{ found: expect.stringContaining('ENOSPC'), hint: expect.stringContaining('--resume') }],
    });
    expect(resumed.from).toBeGreaterThan(10);
    expect(sizes).toEqual(target === 'out/' ? Array(40).fill(20_000) : [800_000]);
  },
);
