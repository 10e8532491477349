import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { loadSearch } from '../../src/pipeline/search/load.js';
import { runSearch, type SearchOptions, type SearchRecord } from '../../src/pipeline/search/search.js';
import { readTrials } from '../../src/pipeline/search/trials.js';
import { pipelineOf, tinyFiles, workspace } from '../support/workspace.js';

const section = `
search:
  trials: 4
  epochs: [1, 2, 3]
  reduction: 2
  space: { training.optimizer.rate: { log: [0.001, 0.1] }, encoder.units: { range: [4, 8], step: 1 } }
`;

/** A folder with a pipeline `tiny.yaml` and this section, and searches in it. */
function searches(text = section) {
  const space = workspace({ ...tinyFiles(), 'tiny.yaml': pipelineOf('conll') + text });
  const output = space.path('s');
  /** Trains in this thread, one trial after another. */
  async function search(
    set: string[] = [],
    more: Partial<SearchOptions> = {},
    see = (_: SearchRecord) => {},
  ) {
    const loaded = await loadSearch('tiny', { cwd: space.folder, set });
    const run = runSearch(loaded, { workers: 1, output, base: space.folder, ...more });
    const records: SearchRecord[] = [];
    let next = await run.next();
    for (; !next.done; next = await run.next()) {
      records.push(next.value);
      see(next.value);
    }
    const trained = records.flatMap((record) =>
      record.kind === 'trial' ? `${record.row.trial} to ${record.row.epochs}` : [],
    );
    return { result: next.value, records, trained };
  }
  return { space, search, rows: () => readTrials(space.path('s/trials.csv')) };
}

describe('a search', () => {
  it('trains the better trials on, writes all down, and says how to train the best', async () => {
    const { space, search, rows } = searches();
    const { result, records } = await search();
    const kinds = records.filter(({ kind }) => kind !== 'run').map(({ kind }) => kind);
    const trials = (count: number) => new Array(count).fill('trial');
    expect(kinds).toEqual(['search', 'rung', ...trials(4), 'rung', ...trials(2), 'rung', ...trials(1)]);
    const written = await rows();
    expect(written.map(({ rung, epochs }) => [rung, epochs])).toEqual([
      ...[1, 1, 1, 1].map((rung) => [rung, 1]),
      ...[2, 2].map((rung) => [rung, 2]),
      [3, 3],
    ]);
    const best = written[6];
    expect(result).toMatchObject({ folder: space.path('s'), interrupted: false, best });
    const trialsOf = (rung: number) => written.filter((row) => row.rung === rung);
    for (const [rung, kept] of [
      [1, 2],
      [2, 1],
    ]) {
      const ranked = trialsOf(rung).sort((a, b) => b.score - a.score || a.trial - b.trial);
      const best = ranked.slice(0, kept).map(({ trial }) => trial);
      expect(trialsOf(rung + 1).map(({ trial }) => trial)).toEqual(best.sort());
    }
    expect(new Set(trialsOf(1).map(({ hash }) => hash)).size).toBe(4);
    const [rate, units] = best.settings.map(({ text }) => text);
    expect(result.command).toBe(
      `tagger train tiny --set training.optimizer.rate=${rate} --set encoder.units=${units}`,
    );
  });

  it('goes on from checkpoints: its best trial is a training with those settings at one go', async () => {
    const { space, search } = searches();
    const { result, records } = await search();
    const resumed = records.filter((record) => record.kind === 'run' && record.record.kind === 'resumed');
    expect(resumed).toHaveLength(3);
    const set = result.best.settings.map(({ key, text }) => `${key}=${text}`);
    const run = runPipeline(await loadPipeline('tiny', { cwd: space.folder, set }), {
      output: space.path('m'),
      base: space.folder,
      workers: 1,
    });
    let next = await run.next();
    while (!next.done) next = await run.next();
    expect(result.best).toMatchObject({ hash: next.value.hash, bestEpoch: next.value.bestEpoch });
  });

  it('keeps the model of the best, which has seen nothing of test, and those of no trial that was dropped', async () => {
    const { space, search } = searches();
    const { result } = await search();
    const folders = readdirSync(space.path('s')).filter((name) => name.startsWith('trial-'));
    expect(folders).toEqual([`trial-00${result.best.trial}`]);
    expect(result.model).toBe(space.path(`s/${folders[0]}`));
    const metrics = JSON.parse(readFileSync(space.path(`s/${folders[0]}/metrics.json`), 'utf8'));
    expect(metrics.dev.f1).toBeCloseTo(result.best.score, 4);
    expect(metrics).not.toHaveProperty('test');
  });

  it('broken off after any training goes on where it was, and ends the same', async () => {
    const whole = await searches().search();
    for (const stop of [2, 4, 5]) {
      const { search, rows } = searches();
      const controller = new AbortController();
      const first = await search([], { signal: controller.signal }, (record) => {
        if (record.kind === 'trial' && record.done === stop) controller.abort();
      });
      expect(first.result.interrupted).toBe(true);
      expect(await rows()).toHaveLength(stop);
      const second = await search();
      expect([...first.trained, ...second.trained]).toEqual(whole.trained);
      expect(second.result.best).toEqual({ ...whole.result.best, seconds: expect.any(Number) });
      expect((await search()).trained).toEqual([]);
    }
  });

  it('broken off before anything was trained says so', async () => {
    const { search } = searches();
    const controller = new AbortController();
    const broken = search([], { signal: controller.signal }, () => controller.abort());
    await expect(broken).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
  });

  it('that was changed is refused with the keys, and when forced keeps the trials that are still the same', async () => {
    const { search, rows, space } = searches();
    await search();
    const more = ['search.trials=5', 'search.epochs=[1, 3]'];
    expect((await search(['training.workers=3'])).trained).toEqual([]);
    await expect(search(more)).rejects.toMatchObject({
      code: 'E_RESUME',
      problems: [
        { place: { file: space.path('s/search.json'), key: 'search.trials' }, expected: '4', found: '5' },
        { place: { key: 'search.epochs.1' }, expected: '2', found: '3' },
        { place: { key: 'search.epochs.2' }, expected: '3', found: 'nothing' },
      ],
    });
    const { trained } = await search(more, { force: true });
    expect(trained[0]).toBe('5 to 1');
    expect(trained.slice(1).map((each) => each.slice(1))).toEqual([' to 3', ' to 3']);
    expect(await rows()).toHaveLength(7);
    expect((await search([...more, 'training.batch=5'], { force: true })).trained).toHaveLength(7);
  });

  it('does not train on where patience has ended a training', async () => {
    const text = 'search: { epochs: [3, 6], space: { training.optimizer.rate: [1e-9] } }';
    const { search } = searches(text);
    const { records, trained } = await search(['training.patience=1', 'training.epochs=9']);
    expect(trained).toEqual(['1 to 2', '1 to 2']);
    const epochs = records.filter((record) => record.kind === 'run' && record.record.kind === 'epoch');
    expect(epochs).toHaveLength(2);
  });

  it('takes a trial that cannot be trained for the worst', async () => {
    // Every step of the first multiplies the parameters by 1 - 10 · 0.99.
    const optimizers = '[{ kind: adamw, rate: 10, decay: 0.99 }, { kind: adam, rate: 0.05 }]';
    const text = `search: { epochs: [5, 6], reduction: 2, space: { training.optimizer: ${optimizers} } }`;
    const { search, rows } = searches(text);
    const set = ['training.batch=1', 'training.epochs=6'];
    const { records, result } = await search(set);
    const failed = records.find((record) => record.kind === 'trial' && record.error);
    expect(failed).toMatchObject({
      error: { code: 'E_TRAINING' },
      row: { epochs: 0, score: Number.NEGATIVE_INFINITY },
    });
    expect(result.best.settings).toEqual([
      { key: 'training.optimizer', text: '{"kind":"adam","rate":0.05}' },
    ]);
    expect((await rows()).map(({ epochs }) => epochs).sort()).toEqual([0, 5, 6]);
    expect((await search(set)).trained).toEqual([]);
  });

  it('ends with the error of a run that is not the fault of its settings', async () => {
    const { search, space } = searches();
    space.write('dev.txt', 'ragged row\nrow\n');
    await expect(search()).rejects.toMatchObject({ code: 'E_CORPUS_FORMAT' });
  });

  it('does not go where anything else is, and refuses rows that are not its own', async () => {
    const { search, space } = searches();
    await expect(search([], { output: space.folder })).rejects.toMatchObject({ code: 'E_USAGE' });
    await search();
    const text = readFileSync(space.path('s/trials.csv'), 'utf8');
    space.write('s/trials.csv', text.replace(/,[4-8]\n/, ',99\n'));
    const problem = { message: 'this row is not of a trial of this search', place: { line: 2 } };
    await expect(search()).rejects.toMatchObject({ code: 'E_USAGE', problems: [problem] });
    expect((await search([], { force: true })).trained).toHaveLength(1);
  });

  it('and a plain training of the same file do not know of each other', async () => {
    const { space } = searches();
    expect(await loadPipeline('tiny', { cwd: space.folder })).not.toHaveProperty('search');
  });
});
