import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendTrial, readTrials, type TrialRow, writeTrials } from '../../src/pipeline/search/trials.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-trials-'));
  file = join(folder, 'trials.csv');
});
afterEach(() => rm(folder, { recursive: true }));

const keys = ['encoder', 'training.optimizer.rate'];

function rowOf(trial: number, more: Partial<TrialRow> = {}): TrialRow {
  const settings = [
    { key: keys[0], text: `{"kind":"lstm","units":${trial}}` },
    { key: keys[1], text: '1e-8' },
  ];
  const rest = { epochs: 2, score: 61.25, bestEpoch: 1, seconds: 0.5, hash: 'f'.repeat(64) };
  return { trial, rung: 1, ...rest, settings, ...more };
}

describe('trials.csv', () => {
  it('gives back what was written, with commas, quotes and failed trainings', async () => {
    const rows = [
      rowOf(1),
      rowOf(2, { epochs: 0, score: Number.NEGATIVE_INFINITY, bestEpoch: 0, seconds: 0, hash: '' }),
      rowOf(3, { settings: keys.map((key) => ({ key, text: 'a, "b";\'c\' ' })) }),
    ];
    await writeTrials(file, keys, rows.slice(0, 1));
    for (const row of rows.slice(1)) await appendTrial(file, row);
    expect(await readTrials(file)).toEqual(rows);
    const [header, first, second] = (await readFile(file, 'utf8')).split('\n');
    expect(header).toBe('trial,rung,epochs,score,bestEpoch,seconds,hash,encoder,training.optimizer.rate');
    expect(first).toBe(`1,1,2,61.25,1,0.5,${'f'.repeat(64)},"{""kind"":""lstm"",""units"":1}",1e-8`);
    expect(second).toMatch(/^2,1,0,,0,0,,/);
    expect(await readdir(folder)).toEqual(['trials.csv']);
  });

  it('cut at any byte gives the rows before the cut', async () => {
    const rows = [1, 2].map((trial) => rowOf(trial, { hash: 'ab' }));
    await writeTrials(file, keys, rows);
    const whole = await readFile(file);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(file, whole.subarray(0, length));
      const complete = ends.slice(1).filter((end) => end <= length).length;
      expect(await readTrials(file)).toEqual(rows.slice(0, complete));
    }
  });

  it('that is not there has no rows', async () => {
    expect(await readTrials(file)).toEqual([]);
  });

  it.each([
    ['4,1,2,61.25,1,0.5,f,a', 'a cell too few'],
    ['4,1,2,61.25,1,0.5,f,a,b,c', 'a cell too many'],
    ['4,one,2,61.25,1,0.5,f,a,b', 'a word for a number'],
    ['', 'nothing'],
  ])('with a row %j is refused with its line', async (line) => {
    await writeTrials(file, keys, [rowOf(1)]);
    await appendFile(file, `${line}\n`);
    await expect(readTrials(file)).rejects.toMatchObject({
      code: 'E_USAGE',
      problems: [{ message: 'not a row of trials', place: { file, line: 3 } }],
    });
  });

  it('that is no CSV is refused', async () => {
    await writeTrials(file, keys, [rowOf(1)]);
    await appendFile(file, '4,1,2,61.25,1,0.5,f,"a"b,c\n');
    const problems = [{ place: { file }, found: expect.stringContaining("expected: ','") }];
    await expect(readTrials(file)).rejects.toMatchObject({ code: 'E_USAGE', problems });
  });

  it('of something else is refused', async () => {
    await writeFile(file, 'name,score\na,1\n');
    await expect(readTrials(file)).rejects.toMatchObject({
      code: 'E_USAGE',
      problems: [{ place: { line: 1 } }],
    });
  });

  it('that cannot be written is an error that names it', async () => {
    const nowhere = join(folder, 'none', 'trials.csv');
    const problems = [{ place: { file: nowhere } }];
    await expect(writeTrials(nowhere, keys, [])).rejects.toMatchObject({ code: 'E_WRITE', problems });
    await expect(appendTrial(nowhere, rowOf(1))).rejects.toMatchObject({ code: 'E_WRITE', problems });
  });
});
