/** A folder with a file a document. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sink } from '../../src/annotation/sink.js';
import { openSink } from '../../src/annotation/sinks/index.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { at, base, doc, interrupted, space } from './sink-space.js';

describe('a folder', () => {
  it('has a file a document, whole, at each checkpoint', async () => {
    const { open, contents } = space();
    const sink = await open('out/');
    await sink.write({ id: 'letters/a.txt', content: '<a>' });
    await sink.write({ id: '../../b', content: Buffer.from('<b>') });
    await sink.checkpoint(at(2));
    const { '.progress.json': _, ...others } = strip(contents());
    expect(others).toEqual({ 'letters/a.txt.txt': '[<a>]', '%2E%2E/%2E%2E/b.txt': '[<b>]' });
    await sink.finish(at(2));
    expect(strip(contents())).toEqual(others);
  });

  it('has no file of a document that came after the checkpoint', async () => {
    const { open, contents } = space();
    await interrupted(await open('out/'));
    const sink = await open('out', { resume: true });
    expect(sink.from).toEqual(at(2));
    await sink.write(doc(3));
    await sink.finish(at(3));
    expect(strip(contents())).toEqual({ 'd0.txt': '[<0>]', 'd1.txt': '[<1>]', 'd3.txt': '[<3>]' });
  });

  it.each([
    ['in the same chunk', async () => {}],
    ['after a checkpoint', (sink: Sink) => sink.checkpoint(at(1))],
  ])('a second document of an id %s is refused, and the first one stays', async (_, between) => {
    const { open, contents } = space();
    const sink = await open('out/');
    await sink.write({ id: 'x', content: 'first' });
    await between(sink);
    const { code, problems } = await taggerErrorOf(sink.write({ id: 'x', content: 'second' }));
    expect({ code, ...problems[0] }).toMatchObject({
      code: 'E_DOCUMENT',
      place: { record: 'x' },
      message: 'another document has the file of this one',
      found: 'x.txt',
    });
    await sink.finish(at(2));
    expect(strip(contents())).toEqual({ 'x.txt': '[first]' });
  });

  it.each([
    ['x.txt/y', 'x'],
    ['x', 'x.txt/y'],
  ])('a file and a folder of one name are not mistaken: %s before %s', async (first, second) => {
    for (const checkpoint of [false, true]) {
      const { open, contents } = space();
      const sink = await open('out/');
      await sink.write({ id: first, content: '1' });
      if (checkpoint) await sink.checkpoint(at(1));
      expect(await taggerErrorOf(sink.write({ id: second, content: '2' }))).toMatchObject({
        code: 'E_DOCUMENT',
      });
      await sink.finish(at(2));
      expect(strip(contents())).toEqual({ [`${first}.txt`]: '[1]' });
    }
  });

  it('with other files is refused, and with force replaces those of its documents', async () => {
    const { open, refused, write, path, contents } = space();
    write('out/notes', 'dear to me');
    write('out/d1.txt', 'old');
    write('out/d2.txt', 'old');
    const { code, problems } = await refused('out');
    expect({ code, ...problems[0] }).toMatchObject({
      code: 'E_WRITE',
      message: 'the folder is not empty',
      place: { file: path('out') },
      hint: expect.stringContaining('--force'),
    });
    expect(Object.keys(contents())).toHaveLength(3);
    const sink = await open('out', { force: true });
    for (const i of [0, 1]) await sink.write(doc(i));
    await sink.checkpoint(at(2));
    for (const id of ['d1', 'd0']) {
      expect(await taggerErrorOf(sink.write({ id, content: 'twice' }))).toMatchObject({ code: 'E_DOCUMENT' });
    }
    await sink.finish(at(4));
    expect(strip(contents())).toEqual({
      notes: 'dear to me',
      'd0.txt': '[<0>]',
      'd1.txt': '[<1>]',
      'd2.txt': 'old',
    });
  });

  it('that a failed run has made is gone again', async () => {
    const { open, contents, path } = space();
    const sink = await open('out/', { errors: path('errors') });
    await sink.write(doc(0));
    await sink.abandon();
    expect({ contents: contents(), folder: existsSync(path('out')) }).toEqual({
      contents: {},
      folder: false,
    });
  });

  it('is what a format of several files needs', async () => {
    const { open, path } = space();
    const none = { ...base, layout: undefined };
    expect(await taggerErrorOf(openSink('-', none))).toMatchObject({ code: 'E_USAGE' });
    expect(await taggerErrorOf(openSink(undefined, none))).toMatchObject({ code: 'E_USAGE' });
    writeFileSync(path('file'), '');
    expect(await taggerErrorOf(openSink(path('file'), none))).toMatchObject({ code: 'E_WRITE' });
    const sink = await open('new', { layout: undefined });
    await sink.write({
      id: 'a',
      content: new Map([
        ['.txt', 'text'],
        ['.ann', 'T1'],
      ]),
    });
    await sink.finish(at(1));
    expect(readFileSync(path('new/a.ann'), 'utf8')).toBe('T1');
  });

  const strip = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace(/^out\//, ''), text]));
});
