/** A file: what appears when, what a run that goes on finds, and what is refused and how. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { seeded } from '../support/arrays.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { at, doc, interrupted, space } from './sink-space.js';
import { start } from './writer.js';

describe('a file', () => {
  it('appears when it is whole, and nothing else stays', async () => {
    const { path, open, contents } = space();
    const errors = path('errors');
    const sink = await open('out', { errors });
    await sink.write(doc(0));
    await sink.writeError('bad');
    await sink.checkpoint(at(1));
    expect(existsSync(path('out'))).toBe(false);
    await sink.write({ id: 'd1', content: Buffer.from('<é>') });
    await sink.finish(at(2));
    expect(contents()).toEqual({ out: '[<0>,<é>]', errors: 'bad\n' });
  });

  it('without documents has its head and its tail', async () => {
    const { open, contents } = space();
    await (await open('out')).finish(at(0));
    expect(contents()).toEqual({ out: '[]' });
  });

  it('that was there stays until then, and after a failure', async () => {
    const { open, write, contents } = space();
    write('out', 'before');
    const sink = await open('out');
    await sink.write(doc(0));
    await sink.abandon();
    expect(contents()).toEqual({ out: 'before' });
    const other = await open('out');
    await other.finish(at(0));
    expect(contents()).toEqual({ out: '[]' });
  });

  it('behind a link is replaced, and the link stays', async () => {
    const { open, path, write, contents } = space();
    write('real/file', 'before');
    symlinkSync(path('real/file'), path('out'));
    const sink = await open('out');
    await interrupted(sink);
    expect(Object.keys(contents()).sort()).toEqual([
      'out',
      'real/file',
      'real/file.part',
      'real/file.progress.json',
    ]);
    await (await open('out', { resume: true })).finish(at(2));
    expect(contents()).toEqual({ out: '[<0>,<1>]', 'real/file': '[<0>,<1>]' });
  });

  it('large and small pieces come in order', async () => {
    const { open, path } = space();
    const sink = await open('out');
    const random = seeded();
    let expected = '';
    for (let i = 0; i < 60; i++) {
      const content = `${i}:${'é'.repeat(random.below(2) * random.below(300_000))}`;
      await sink.write({ id: `${i}`, content });
      expected += `${i === 0 ? '[' : ','}${content}`;
      if (i % 7 === 0) await sink.checkpoint(at(i + 1));
    }
    await sink.finish(at(60));
    expect(readFileSync(path('out'), 'utf8') === `${expected}]`).toBe(true);
  });
});

describe('a run that goes on', () => {
  it('knows how far the one before came, and what came after is gone', async () => {
    const { open, path, contents } = space();
    await interrupted(await open('out', { errors: path('errors') }));
    const sink = await open('out', { errors: path('errors'), resume: true });
    expect(sink.from).toEqual(at(2));
    await sink.write(doc(7));
    await sink.finish(at(3));
    expect(contents()).toEqual({ out: '[<0>,<1>,<7>]', errors: '' });
  });

  it('begins where there is nothing to go on from', async () => {
    const { open, contents } = space();
    const sink = await open('out', { resume: true });
    expect(sink.from).toBeUndefined();
    await sink.finish(at(0));
    expect(contents()).toEqual({ out: '[]' });
  });

  it('may have another file of errors, with force', async () => {
    const { open, path, contents } = space();
    const sink = await open('out', { errors: path('old'), settings: { errors: 'old' } });
    await sink.writeError('bad');
    await interrupted(sink);
    const next = { errors: path('new'), settings: { errors: 'new' }, resume: true, force: true };
    const resumed = await open('out', next);
    await resumed.writeError('worse');
    await resumed.finish(at(2));
    expect(contents()).toEqual({ out: '[<0>,<1>]', new: 'worse\n', 'old.part': 'bad\n' });
  });
});

describe('an interrupted run', () => {
  it('is not written over, and the refusal says how far it came', async () => {
    const { open, refused, path, contents } = space();
    await interrupted(await open('out'));
    const before = contents();
    expect((await refused('out')).message).toBe(
      [
        `${path('out')}: an interrupted run has begun to write this`,
        '  found: it came as far as documents 2, errors 0',
        '  try: --resume goes on from there, --force begins anew',
      ].join('\n'),
    );
    expect(contents()).toEqual(before);
  });

  it('is written over with force', async () => {
    const { open, contents } = space();
    await interrupted(await open('out'));
    const sink = await open('out', { force: true });
    expect(sink.from).toBeUndefined();
    await sink.write(doc(9));
    await sink.finish(at(1));
    expect(contents()).toEqual({ out: '[<9>]' });
  });

  it('that had not come to a checkpoint is nothing to go on from', async () => {
    const { open, contents } = space();
    const sink = await open('out');
    await sink.write(doc(0));
    await sink.abandon();
    expect(contents()).toEqual({});
    await (await open('out')).finish(at(0));
  });

  it('with other settings is refused with each of them, and goes on with force', async () => {
    const { open, refused, path } = space();
    await interrupted(await open('out'));
    const settings = { model: 'b2', inputs: ['x', 'y'], nbest: 3 };
    const { code, problems } = await refused('out', { settings, resume: true });
    expect(code).toBe('E_RESUME');
    const file = path('out.progress.json');
    expect(problems).toMatchObject([
      { place: { file, key: 'model' }, expected: '"a1"', found: '"b2"' },
      { place: { file, key: 'nbest' }, expected: 'nothing', found: '3' },
    ]);
    expect(problems[0].hint).toContain('--force');
    const sink = await open('out', { settings, resume: true, force: true });
    expect(sink.from).toEqual(at(2));
    await sink.abandon();
    expect((await refused('out', { resume: true })).problems).toHaveLength(2);
  });

  it.each([
    ['cut', '{"schema": 1, "run"', 'no JSON object'],
    ['of other keys', '{"schema": 1}', /^\w+: /],
    ['of a newer schema', '{"schema": 2}', /^schema: /],
    ['empty', '', 'no JSON object'],
  ])('with a manifest that is %s is refused until force begins anew', async (_, text, found) => {
    const { open, refused, path, write, contents } = space();
    await interrupted(await open('out'));
    write('out.progress.json', text);
    for (const options of [{}, { resume: true }, { resume: true, force: true }]) {
      const { code, problems } = await refused('out', options);
      expect({ code, problem: problems[0] }).toMatchObject({
        code: 'E_RESUME',
        problem: {
          place: { file: path('out.progress.json') },
          found: expect.stringMatching(found),
          hint: expect.stringMatching(/^--force/),
        },
      });
    }
    await (await open('out', { force: true })).finish(at(0));
    expect(contents()).toEqual({ out: '[]' });
  });

  it.each([
    ['shorter than its manifest says', (part: string) => truncateSync(part, 3), '3 bytes'],
    ['gone', (part: string) => spawnSync('rm', [part]), 'no such file'],
  ])('whose part is %s is refused, and all stays as it was', async (_, damage, found) => {
    const { open, refused, path, contents } = space();
    await interrupted(await open('out'));
    damage(path('out.part'));
    const before = contents();
    const { code, problems } = await refused('out', { resume: true });
    expect({ code, ...problems[0] }).toMatchObject({
      code: 'E_RESUME',
      place: { file: path('out.part') },
      expected: 'at least 8 bytes',
      found,
      hint: expect.stringContaining('begins anew'),
    });
    expect(contents()['out.part']).toBe(before['out.part']);
    await (await open('out', { force: true })).abandon();
  });
});

describe('two runs', () => {
  it('in one process do not write to the same place', async () => {
    const { open, refused, contents } = space();
    const sink = await open('out');
    for (const options of [{}, { resume: true }, { force: true }]) {
      const { code, message } = await refused('out', options);
      expect(code).toBe('E_RESUME');
      expect(message).toContain(`another run is at work on it (process ${process.pid})`);
    }
    await sink.write(doc(0));
    await sink.finish(at(1));
    expect(contents()).toEqual({ out: '[<0>]' });
  });

  it('that begin at the same moment: one gets the place', async () => {
    const { open, contents } = space();
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => open('out')));
    const sinks = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(sinks).toHaveLength(1);
    await sinks[0].write(doc(0));
    await sinks[0].finish(at(1));
    expect(contents()).toEqual({ out: '[<0>]' });
  });

  it('in two processes do not either, as long as the first lives', async () => {
    const { refused, path, open } = space();
    const work = { target: path('out'), total: 1e9, every: 1 };
    const child = start(work);
    await child.saw('at 3.');
    for (const options of [{}, { resume: true }, { force: true }]) {
      const { code, problems } = await refused('out', options);
      expect(code).toBe('E_RESUME');
      expect(problems[0].message).toBe(`another run is at work on it (process ${child.process.pid})`);
    }
    child.process.kill('SIGKILL');
    await child.ended;
    const sink = await open('out', { resume: true, settings: { model: 'm' } });
    expect(sink.from?.position).toBeGreaterThanOrEqual(3);
    await sink.abandon();
  });

  it('a process on another machine, or a later one of the same number, is not the first', async () => {
    const { open, path } = space();
    await interrupted(await open('out'));
    const manifest = JSON.parse(readFileSync(path('out.progress.json'), 'utf8'));
    expect(manifest.process).toBeUndefined();
    const parent = { pid: process.ppid, host: hostname() };
    const strangers = [{ ...parent, host: `not-${hostname()}` }];
    if (existsSync('/proc/self/stat')) strangers.push({ ...parent, began: '1' } as typeof parent);
    for (const stranger of strangers) {
      writeFileSync(path('out.progress.json'), JSON.stringify({ ...manifest, process: stranger }));
      await (await open('out', { resume: true })).abandon();
    }
    writeFileSync(path('out.progress.json'), JSON.stringify({ ...manifest, process: parent }));
    expect((await taggerErrorOf(open('out', { resume: true }))).message).toContain(
      `(process ${process.ppid})`,
    );
  });

  it('that go on from one checkpoint at once are told apart at the next, and the last one ends well', async () => {
    const { open, path, contents } = space();
    await interrupted(await open('out'));
    const first = await open('out', { resume: true });
    // What the manifest says when another process, which has read it before the first claimed it, claims it too.
    const manifest = JSON.parse(readFileSync(path('out.progress.json'), 'utf8'));
    writeFileSync(path('out.progress.json'), JSON.stringify({ ...manifest, run: 'another' }));
    await first.write(doc(5));
    const { code, message } = await taggerErrorOf(first.checkpoint(at(3)));
    expect({ code, message }).toMatchObject({
      code: 'E_RESUME',
      message: expect.stringContaining('another run'),
    });
    await first.abandon();
    expect(JSON.parse(contents()['out.progress.json']).run).toBe('another');
  });
});
