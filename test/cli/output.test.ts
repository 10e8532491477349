import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLines } from '../../src/cli/output.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-output-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* lines(count: number, failure?: Error): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) yield `line ${i}`;
  if (failure) throw failure;
}

describe('a file of lines', () => {
  it('holds them all, however many', async () => {
    const file = join(folder, 'out.jsonl');
    await writeLines(lines(20_000), file);
    const written = (await readFile(file, 'utf8')).split('\n');
    expect(written).toHaveLength(20_001);
    expect(written[19_999]).toBe('line 19999');
  });

  it('is left as it was, and nothing beside it, when the work fails', async () => {
    const file = join(folder, 'out.jsonl');
    await writeFile(file, 'before');
    await expect(writeLines(lines(3, new Error('failed')), file)).rejects.toThrow('failed');
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });

  it('in a folder that does not exist is refused', async () => {
    const file = join(folder, 'none', 'out.jsonl');
    await expect(writeLines(lines(3), file)).rejects.toMatchObject({ code: 'E_WRITE' });
  });
});
