import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Scores } from '../../src/evaluation/index.js';
import { loadPipeline, type Pipeline } from '../../src/pipeline/config.js';
import type { RunResult } from '../../src/pipeline/records.js';
import {
  runSeeds,
  type SeedRun,
  type SeedsOptions,
  type SeedsRecord,
  type SeedsResult,
  seedsOf,
  summarize,
} from '../../src/pipeline/seeds.js';
import { Tagger } from '../../src/tagger/index.js';
import { tinyFiles, workspace } from '../support/workspace.js';

function scoresOf(f1: number, byLabel: Record<string, number> = { LOC: f1 }): Scores {
  const labels = Object.entries(byLabel).map(([label, value]) => {
    return [label, { precision: 0, recall: 0, f1: value, gold: 1, predicted: 1, correct: 1 }] as const;
  });
  const strict = { precision: 0, recall: 0, f1: 0 };
  const shares = { precision: f1 + 1, recall: f1 - 1, f1, accuracy: 99 - f1 };
  return { ...shares, byLabel: Object.fromEntries(labels), sentences: 1, tokens: 1, strict };
}

const runOf = (seed: number, dev: Scores, test?: Scores): SeedRun => {
  const rest = { epochs: 1, bestEpoch: 1, seconds: 1, tokensPerSecond: 1, interrupted: false };
  const result: RunResult = { model: `seed-${seed}`, hash: '', dev, test, majority: { dev }, ...rest };
  return { seed, result };
};

const auto = { evaluation: { metric: 'auto' } } as const;

describe('a summary of seeds', () => {
  const runs = [
    runOf(1, scoresOf(60, { LOC: 10, PER: 4 }), scoresOf(50)),
    runOf(2, scoresOf(64, { LOC: 20 }), scoresOf(53)),
    runOf(3, scoresOf(62, { LOC: 30, PER: 8 }), scoresOf(59)),
  ];

  it('has the mean and the sample deviation of every score', () => {
    const { dev, test } = summarize(runs, auto);
    expect(dev).toEqual({
      precision: { mean: 63, sd: 2 },
      recall: { mean: 61, sd: 2 },
      f1: { mean: 62, sd: 2 },
      accuracy: { mean: 37, sd: 2 },
      byLabel: { LOC: { mean: 20, sd: 10 }, PER: { mean: 4, sd: 4 } },
    });
    expect(test?.f1).toEqual({ mean: 54, sd: Math.sqrt(21) });
  });

  it('names the best on dev by the metric of the pipeline, of equal ones the first', () => {
    expect(summarize(runs, auto)).toMatchObject({ metric: 'f1', best: 2 });
    const accuracy = { evaluation: { metric: 'accuracy' } } as const;
    expect(summarize(runs, accuracy)).toMatchObject({ metric: 'accuracy', best: 1 });
    const tokens = runs.map(({ seed, result }) => runOf(seed, { ...result.dev, strict: undefined }));
    expect(summarize(tokens, auto)).toMatchObject({ metric: 'accuracy', best: 1 });
    expect(summarize([...runs, runOf(9, scoresOf(64))], auto).best).toBe(2);
  });

  it('of one run has no deviation, and without test scores none of test', () => {
    const summary = summarize([runOf(1, scoresOf(60))], auto);
    expect(summary.dev.f1).toEqual({ mean: 60 });
    expect(summary).not.toHaveProperty('test');
  });
});

describe('the seeds of a pipeline', () => {
  it('begin with its own', async () => {
    const space = workspace();
    const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['seed=4294967294'] });
    expect(seedsOf(pipeline, 3).map(({ seed }) => seed)).toEqual([4294967294, 4294967295, 0]);
    expect(seedsOf(pipeline, 3)[2]).toEqual({ ...pipeline, seed: 0 });
  });
});

/** Runs one after another in this thread; side by side is a test of its own. */
async function train(
  pipeline: Pipeline,
  options: Pick<SeedsOptions, 'output' | 'base'> & Partial<SeedsOptions>,
  see: (record: SeedsRecord) => void = () => {},
): Promise<{ result: SeedsResult; kinds: string[] }> {
  const kinds: string[] = [];
  const run = runSeeds(pipeline, { count: 3, workers: 1, ...options });
  let next = await run.next();
  for (; !next.done; next = await run.next()) {
    see(next.value);
    if (next.value.kind !== 'run') kinds.push(`${next.value.kind} ${next.value.seed}`);
  }
  return { result: next.value, kinds };
}

describe('several seeds', () => {
  const tiny = (space: ReturnType<typeof workspace>, ...set: string[]) =>
    loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=2', ...set] });

  it('leave a model each, the scores of all, and a link to the best', async () => {
    const space = workspace();
    const output = space.path('m');
    const { result, kinds } = await train(await tiny(space), { output, base: space.folder });
    expect(kinds).toEqual(['seed 1', 'seed 2', 'seed 3']);
    expect((await readdir(output)).sort()).toEqual(['best', 'seed-1', 'seed-2', 'seed-3', 'seeds.json']);
    const best = `seed-${result.summary.best}`;
    expect(await readlink(space.path('m/best'))).toBe(best);
    const { runs, summary } = JSON.parse(await readFile(space.path('m/seeds.json'), 'utf8'));
    expect(summary).toEqual(result.summary);
    expect(runs.map((run: { model: string }) => run.model)).toEqual(['seed-1', 'seed-2', 'seed-3']);
    expect(new Set(runs.map((run: { hash: string }) => run.hash)).size).toBe(3);
    expect(result.interrupted).toBe(false);
    const [linked, named] = [await Tagger.load(result.best), await Tagger.load(space.path(`m/${best}`))];
    const text = 'Ada Weller sailed home .';
    expect(linked.annotate(text)).toEqual(named.annotate(text));
    linked.close();
    named.close();
  });

  it('broken off and resumed do not train a seed that is done again', async () => {
    const space = workspace();
    const options = { output: space.path('m'), base: space.folder };
    const whole = await train(await tiny(space), { ...options, output: space.path('whole') });
    const controller = new AbortController();
    const stopped = await train(await tiny(space), { ...options, signal: controller.signal }, ({ kind }) => {
      if (kind === 'seed') controller.abort();
    });
    expect(stopped.result).toMatchObject({ interrupted: true, runs: [{ seed: 1 }], summary: { best: 1 } });
    const seeds: number[] = [];
    const resumed = await train(await tiny(space), { ...options, resume: true }, (record) => {
      if (record.kind === 'run') seeds.push(record.seed);
    });
    expect([...new Set(seeds)]).toEqual([2, 3]);
    expect(resumed.kinds).toEqual(['seed 1', 'seed 2', 'seed 3']);
    expect(resumed.result.runs.map(({ result }) => result.hash)).toEqual(
      whole.result.runs.map(({ result }) => result.hash),
    );
    expect(resumed.result.summary).toEqual(whole.result.summary);
  });

  it('broken off before the first is done say so, and are not begun anew by mistake', async () => {
    const space = workspace();
    const pipeline = await tiny(space, 'training.epochs=100000', 'training.patience=100000');
    const controller = new AbortController();
    const options = { output: space.path('m'), base: space.folder, signal: controller.signal };
    await expect(train(pipeline, options, () => controller.abort())).rejects.toMatchObject({
      code: 'E_INTERRUPTED',
    });
    // Its checkpoint is not to be forgotten.
    const again = train(pipeline, { ...options, signal: AbortSignal.abort() });
    await expect(again).rejects.toMatchObject({
      code: 'E_USAGE',
      problems: [{ found: expect.stringContaining('epoch 1') }],
    });
  });

  it('are not resumed with another pipeline, unless forced', async () => {
    const space = workspace();
    const options = { output: space.path('m'), base: space.folder, count: 1 };
    await train(await tiny(space), options);
    const other = await tiny(space, 'training.batch=5');
    await train(await tiny(space, 'training.workers=3'), { ...options, resume: true });
    await expect(train(other, { ...options, resume: true })).rejects.toMatchObject({
      code: 'E_RESUME',
      problems: [{ place: { key: 'training.batch' }, expected: '4', found: '5' }],
    });
    const { result } = await train(other, { ...options, resume: true, force: true });
    expect(result.runs).toHaveLength(1);
  });

  it('go on when one fails; when all fail, its error is that of the command', async () => {
    const space = workspace();
    const options = { output: space.path('m'), base: space.folder };
    // Each run reads the corpus anew: it is broken while the second one does.
    const pipeline = await tiny(space);
    const { result, kinds } = await train(pipeline, options, (record) => {
      if (record.kind === 'seed' && record.seed === 1) space.write('train.txt', 'ragged row\nrow\n');
      if (record.kind === 'failed' && record.seed === 2) space.write('train.txt', tinyFiles()['train.txt']);
    });
    expect(kinds).toEqual(['seed 1', 'failed 2', 'seed 3']);
    expect(result).toMatchObject({
      interrupted: false,
      failed: [{ seed: 2, error: { code: 'E_CORPUS_FORMAT' } }],
    });
    await rm(space.path('dev.txt'));
    await expect(train(pipeline, options)).rejects.toMatchObject({ code: 'E_CORPUS_MISSING' });
  });

  it('do not go where a model or anything else is', async () => {
    const space = workspace();
    const pipeline = await tiny(space);
    const refused = (output: string, found: string) =>
      expect(train(pipeline, { output, base: space.folder })).rejects.toMatchObject({
        code: 'E_USAGE',
        problems: [{ place: { file: output }, found, hint: expect.any(String) }],
      });
    await train(pipeline, { output: space.path('m'), base: space.folder, count: 1 });
    await refused(space.path('m/seed-1'), 'a model');
    await refused(space.folder, 'a folder with dev.txt');
    await refused(space.path('tiny.yaml'), 'a file');
    await mkdir(space.path('n/seed-2'), { recursive: true });
    await writeFile(space.path('n/seed-2/notes'), 'mine');
    await expect(train(pipeline, { output: space.path('n'), base: space.folder })).rejects.toMatchObject({
      code: 'E_USAGE',
      problems: [{ place: { file: space.path('n/seed-2') } }],
    });
  });
});
