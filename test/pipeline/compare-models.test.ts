/** A comparison as the library makes it, its systems in processes of their own. */
import { existsSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { drain } from '../../dist/core/relay.js';
import { type CompareOptions, type ComparingRecord, compareModels, writeReport } from '../../dist/index.js';
import { workspace } from '../support/workspace.js';

const space = workspace();
const [good, young] = [space.path('good'), space.path('young')];

beforeAll(() => {
  for (const [output, epochs] of [
    ['good', '8'],
    ['young', '1'],
  ]) {
    const train = ['train', 'tiny', '--quiet', '--epochs', epochs, '-o', output];
    expect(space.run(train)).toMatchObject({ status: 0, stderr: '' });
  }
}, 60_000);

function compared(
  models: readonly string[],
  options: CompareOptions,
  see: (record: ComparingRecord) => void,
) {
  return drain(compareModels(models as [string], { base: space.path('.'), ...options }), see);
}

it('finds what `tagger compare` finds, and writes its report', async () => {
  const records: ComparingRecord[] = [];
  const baselines = ['majority', { kind: 'crf', window: 0 }];
  const found = await compared([good, young], { baselines, on: 'dev' }, (record) => records.push(record));
  const { stdout } = space.run(['compare', 'good', 'young', '--on', 'dev', '--json', '--quiet']);
  const { corpus, systems } = JSON.parse(stdout);
  const scoresOf = ({ name, scores }: { name: string; scores: unknown }) => ({ name, scores });
  expect(found.corpus).toEqual(corpus);
  expect(found.systems.slice(0, 2).map(scoresOf)).toEqual(systems.map(scoresOf));
  expect(found.systems.map(({ name }) => name)).toEqual(['good', 'young', 'majority', 'crf']);
  expect(records.filter(({ kind }) => kind === 'scored')).toHaveLength(4);
  const files = await writeReport(found, space.path('report'));
  expect(files[0]).toBe(space.path('report/report.html'));
  expect(files.every((file) => existsSync(file))).toBe(true);
});

it.each([
  [[], {}, 'E_USAGE', 'there is no model to compare'],
  [['good'], { baselines: ['oracle'] }, 'E_CONFIG', 'oracle'],
  [['good'], { baselines: [{ kind: 'crf', widow: 1 }] }, 'E_CONFIG', 'widow'],
  [['good'], { baselines: ['brill'] }, 'E_CONFIG', 'brill tags single tokens'],
])('refuses %j with %j before anything runs', async (names, options, code, text) => {
  const records: ComparingRecord[] = [];
  const models = names.map((name) => space.path(name));
  const run = compared(models, options, (record) => records.push(record));
  await expect(run).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  expect(records).toEqual([]);
});

it('ends after its signal', async () => {
  const stop = new AbortController();
  const run = compared([good], { baselines: ['transformer'], signal: stop.signal }, ({ kind }) => {
    if (kind === 'progress') stop.abort();
  });
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
});
