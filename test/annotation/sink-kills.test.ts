/** Output after SIGKILL: a run that goes on ends with the same bytes, whenever the one before was killed. */
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { range, seed, seeded } from '../support/arrays.js';
import { workspace } from '../support/workspace.js';
import { contentsOf, finish, run, start, type Work } from './writer.js';

type Kind = Pick<Work, 'target' | 'severalFiles'>;
const kinds: [what: string, kind: Kind][] = [
  ['a file', { target: 'out.txt' }],
  ['a folder', { target: 'out/', severalFiles: true }],
];

/** Work in folders of their own. */
function folders({ target, severalFiles }: Kind, total: number, every: number) {
  const space = workspace({});
  return {
    workIn(folder: string): Work {
      mkdirSync(space.path(folder));
      const path = (name: string) => space.path(`${folder}/${name}`);
      return { target: path(target), errors: path('errors.txt'), severalFiles, total, every };
    },
    contents: (folder: string) => contentsOf(space.path(folder)),
    remove: (folder: string) => rmSync(space.path(folder), { recursive: true }),
  };
}

describe.each(kinds)('%s', (_, kind) => {
  it('is the same after a kill at any operation on the disk', async () => {
    const { workIn, contents, remove } = folders(kind, 5, 2);
    const operations = (await run(workIn('undisturbed'))) ?? 0;
    const expected = contents('undisturbed');
    expect(expected['errors.txt']).toBe('error 4\n');
    let resumed = 0;
    async function killedAt(operation: number): Promise<void> {
      const folder = `killed-${operation}`;
      const work = workIn(folder);
      expect(await run(work, operation), folder).toBeUndefined();
      const { from } = await finish({ ...work, resume: true });
      if (from) resumed++;
      expect(whole(contents(folder)), folder).toEqual(expected);
      remove(folder);
    }
    // They wait for the disk most of the time.
    const all = range(1, operations);
    for (let i = 0; i < all.length; i += 6) await Promise.all(all.slice(i, i + 6).map(killedAt));
    expect(resumed).toBeGreaterThan(operations / 3);
  }, 300_000);

  it(`is the same after many kills, of runs that go on too, seed ${seed}`, async () => {
    const random = seeded();
    const { workIn, contents } = folders(kind, 40, 4);
    await run(workIn('undisturbed'));
    const work = workIn('killed');
    let kills = 0;
    while ((await run({ ...work, resume: true }, 20 + random.below(120))) === undefined) {
      expect(++kills).toBeLessThan(100);
    }
    expect(kills).toBeGreaterThan(0);
    expect(whole(contents('killed'))).toEqual(contents('undisturbed'));
    if (kind.severalFiles)
      expect(contents('killed')['errors.txt']).toContain('another document has the file');
  }, 300_000);

  it(`is the same after kills from outside, seed ${seed}`, async () => {
    const random = seeded();
    const { workIn, contents } = folders(kind, 600, 5);
    await finish(workIn('undisturbed'));
    const work = workIn('killed');
    let next = 0;
    for (let kill = 0; kill < 5; kill++) {
      const running = start({ ...work, resume: true });
      next += 5 * (1 + random.below(16));
      await running.saw(`at ${next}.`);
      running.process.kill('SIGKILL');
      const { signal, stderr } = await running.ended;
      expect(signal).toBe('SIGKILL');
      next = Number(stderr.match(/at (\d+)\.\n$/)?.[1]);
    }
    const { from } = await finish({ ...work, resume: true });
    expect(from?.position).toBeGreaterThanOrEqual(next);
    expect(whole(contents('killed'))).toEqual(contents('undisturbed'));
  }, 300_000);
});

/** Without what a run leaves that was killed while it took its place: a later run removes it, when it is old. */
function whole(files: Record<string, string>): Record<string, string> {
  const isLeft = (name: string) => /(^|\/)\.\S*progress\.json\.[\da-f-]{36}$/.test(name);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !isLeft(name)));
}
