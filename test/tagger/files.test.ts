import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FileContent, readModelFile, stampOf, writeDirectory } from '../../src/tagger/files.js';
import { checkTarget } from '../../src/tagger/target.js';
import { workspace } from '../support/workspace.js';

const filesOf = (i: number) =>
  new Map<string, FileContent>([
    ['config.json', JSON.stringify({ tagger: '0', i })],
    ['weights', [Buffer.alloc(50_000, i), Buffer.alloc(1, i)]],
  ]);

describe('a model directory', () => {
  it('that many write at once is one of theirs, whole', async () => {
    const space = workspace({});
    await Promise.all(Array.from({ length: 12 }, (_, i) => writeDirectory(space.path('m'), filesOf(i))));
    const { i } = JSON.parse(readFileSync(space.path('m/config.json'), 'utf8'));
    expect(readFileSync(space.path('m/weights'))).toEqual(Buffer.alloc(50_001, i));
    expect(readdirSync(space.folder)).toEqual(['m']);
  });

  it('is taken for a model at every moment while others replace it', async () => {
    const model = workspace({}).path('m');
    await writeDirectory(model, filesOf(0));
    let left = 20;
    const writers = Array.from({ length: 4 }, async (_, i) => {
      while (left-- > 0) await writeDirectory(model, filesOf(i));
    });
    const asked = Array.from({ length: 4 }, async () => {
      for (; left > 0; ) await expect(checkTarget(model)).resolves.toBe(undefined);
    });
    await Promise.all([...writers, ...asked]);
  });

  it('clears away what killed runs have left of it long ago, and nothing else', async () => {
    const uuid = '0b8f7c1e-3f0f-4c7e-9d63-5d1f6b0a7c21';
    const [old, young] = [`.m.${uuid}`, `.m.${uuid.replace('0', '1')}`];
    // A model that a run has moved away to replace it is its own to remove, however old it is.
    const moved = `.m.${uuid.replace('8', '9')}.old`;
    const kept = ['.m.notes/a', `.other.${uuid}/a`, `${young}/a`, `${moved}/a`];
    const space = workspace(Object.fromEntries([...kept, `${old}/a`].map((file) => [file, ''])));
    const past = new Date(Date.now() - 3_600_000);
    for (const name of [old, '.m.notes', `.other.${uuid}`, moved]) utimesSync(space.path(name), past, past);
    await writeDirectory(space.path('m'), filesOf(1));
    expect(readdirSync(space.folder).sort()).toEqual(
      ['.m.notes', `.other.${uuid}`, moved, young, 'm'].sort(),
    );
  });

  it('is not written over what is no model', async () => {
    const space = workspace({ 'mine/notes.txt': 'dear to me', 'mine/config.json': '{}' });
    const writing = writeDirectory(space.path('mine'), filesOf(1));
    await expect(writing).rejects.toMatchObject({ code: 'E_USAGE' });
    expect(space.list()).toEqual(['mine', 'mine/config.json', 'mine/notes.txt']);
  });

  it('is told from one with a file cut or altered by size and sha256', async () => {
    const space = workspace({ 'm/a': 'abc' });
    const stamp = stampOf('abc');
    expect(stampOf([Buffer.from('a'), Buffer.from('bc')])).toEqual(stamp);
    expect((await readModelFile(space.path('m'), 'a', stamp)).toString()).toBe('abc');
    for (const [content, message] of [
      ['ab', 'is cut'],
      ['abd', 'was altered'],
      ['abcd', 'was altered'],
    ]) {
      space.write('m/a', content);
      await expect(readModelFile(space.path('m'), 'a', stamp)).rejects.toThrow(message);
    }
  });
});
