/** Drift against the training set, with real models: none on the training set itself, strong on other text, however it is tagged. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnnotateInput,
  type DriftReport,
  loadPipeline,
  type ManyItem,
  runPipeline,
  Tagger,
  TaggerError,
} from 'tagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelConfig, sealed } from '../../src/tagger/model-config.js';
import { seed, seeded } from '../support/arrays.js';
import { sentences, workspace } from '../support/workspace.js';

const space = workspace();
const model = space.path('m');
let tagger: Tagger;
beforeAll(async () => {
  const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=15'] });
  const run = runPipeline(pipeline, { output: model, base: space.folder, workers: 1 });
  while (!(await run.next()).done);
  tagger = await Tagger.load(model);
});
afterAll(() => tagger.close());

/** The training set, several times over, so that there are tokens enough to tell. */
const training = Array.from({ length: 6 }, () => sentences(24))
  .flat()
  .map((rows) => rows.map(({ word }) => word));
const tokens = training.flat().length;

const letters = 'bcdfghjklmnpqrstvwxz#%&';
const random = seeded(1);
const letter = () => letters[random.below(letters.length)];
const rubbish = Array.from({ length: 100 }, () =>
  Array.from({ length: 8 }, () => Array.from({ length: 1 + random.below(20) }, letter).join('')),
);
const foreign = [
  'Der Fischer verkaufte gestern im Hafen seine letzten Netze an einen Händler aus dem Süden .'.split(' '),
  'Niemand wusste , warum die Glocken der kleinen Kapelle schon vor Sonnenaufgang läuteten .'.split(' '),
  'Ihre Großmutter backte jeden Freitag einen Kuchen mit Pflaumen , Zimt und Walnüssen .'.split(' '),
];

function reportOn(words: readonly (readonly string[])[]): DriftReport {
  const monitor = tagger.monitor();
  tagger.tag(words);
  monitor.end();
  return monitor.report();
}

describe(`drift, seed ${seed}`, () => {
  it('is none on the training set', () => {
    const report = reportOn(training);
    expect(report).toMatchObject({ drift: 'none', sentences: training.length, tokens });
    expect(report.vectors).toMatchObject({ drift: 'none', now: report.vectors.training });
    expect(report.vectors.psi).toBeLessThan(0.001);
    expect(report.unknown).toMatchObject({ drift: 'none', now: 0 });
    expect(report.long.sentences).toBe(0);
  });

  it.each([
    ['random strings', rubbish],
    ['another language', Array.from({ length: 20 }, () => foreign).flat()],
  ])('is strong on %s', (_, words) => {
    const { drift, vectors, unknown } = reportOn(words);
    expect(drift).toBe('strong');
    expect(vectors.psi).toBeGreaterThan(0.25);
    expect(unknown?.drift).toBe('strong');
    expect(unknown?.now).toBeGreaterThan(0.8);
  });

  it('is that of the vectors or of the words, whichever is larger', () => {
    // Words that training did not see, in its sentences: their vectors alone need not tell.
    const { drift, unknown } = reportOn(training.map((words) => words.map((word) => `${word}x`)));
    expect(unknown).toMatchObject({ drift: 'strong', now: 1 });
    expect(drift).toBe('strong');
  });

  it('grows with the share of other text', () => {
    const indices = [0, 0.1, 0.3, 0.6].map((share) => {
      const count = Math.round(share * 100);
      return reportOn([...training.slice(0, 100 - count), ...rubbish.slice(0, count)]).vectors.psi;
    });
    expect([...indices].sort((a, b) => a - b)).toEqual(indices);
  });

  it('is unclear where few tokens were seen, and none at all', () => {
    expect(reportOn(training.slice(0, 10)).drift).toBe('unclear');
    const nothing = reportOn([]);
    expect(nothing).toMatchObject({ drift: 'unclear', tokens: 0, vectors: { psi: 0 }, unknown: { now: 0 } });
    expect(nothing.vectors.now).toBeUndefined();
  });

  it('counts sentences that are longer than any of training', () => {
    const longest = Math.max(...training.map(({ length }) => length));
    const long = (length: number) => Array.from({ length }, (_, i) => training.flat()[i]);
    const { long: found, tokens } = reportOn([long(longest), long(longest + 1), long(200), []]);
    expect(found).toEqual({ sentences: 2, longest });
    expect(tokens, 'those that two windows share count once').toBe(2 * longest + 1 + 200);
  });
});

describe('a monitor', () => {
  const texts = training.map((words) => words.join(' '));
  const items = (inputs: readonly AnnotateInput[]): ManyItem[] => inputs.map((input, id) => ({ id, input }));

  it('sees the same of annotate, of predictions and of any number of threads', async () => {
    const reports: DriftReport[] = [];
    const watch = async (work: () => unknown) => {
      const monitor = tagger.monitor();
      await work();
      monitor.end();
      reports.push(monitor.report());
    };
    const many = async (workers: number, ordered: boolean) => {
      for await (const { error } of tagger.annotateMany(items(texts), { workers, ordered }))
        expect(error).toBeUndefined();
    };
    await watch(() => texts.map((text) => tagger.annotate(text)));
    await watch(() => texts.map((text) => tagger.annotate(text, { scores: true, nbest: 2 })));
    await watch(() => many(1, true));
    await watch(() => many(2, false));
    expect(reports[0]).toMatchObject({ tokens, drift: 'none' });
    for (const report of reports) expect(report).toEqual(reports[0]);
  });

  it('counts what comes from its beginning to its end, or since it was reset', () => {
    tagger.tag(training);
    using whole = tagger.monitor();
    tagger.tag(training);
    const second = tagger.monitor();
    tagger.tag(rubbish);
    second.end();
    tagger.tag(training);
    expect(whole.report().sentences).toBe(2 * training.length + rubbish.length);
    expect(second.report()).toEqual(reportOn(rubbish));
    whole.reset();
    expect(whole.report().tokens).toBe(0);
    tagger.tag(training);
    expect(whole.report()).toEqual(reportOn(training));
  });

  it('changes nothing of what is found', () => {
    const plain = tagger.predict(training.slice(0, 8), { nbest: 3, posteriors: true });
    using _ = tagger.monitor();
    expect(tagger.predict(training.slice(0, 8), { nbest: 3, posteriors: true })).toEqual(plain);
  });

  it('sees nothing of documents that are refused', () => {
    using monitor = tagger.monitor();
    expect(() => tagger.annotate({ text: 'a b', tokens: [{ start: 2, end: 9 }] })).toThrow(TaggerError);
    expect(monitor.report().tokens).toBe(0);
  });
});

describe('models', () => {
  const altered = (name: string, change: (folder: string, config: ModelConfig) => ModelConfig) => {
    const folder = space.path(name);
    cpSync(model, folder, { recursive: true });
    const { sha256, ...config } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
    writeFileSync(join(folder, 'config.json'), sealed(change(folder, config)));
    return folder;
  };

  it('of older versions tag as before, and say that they know no training set', async () => {
    const old = altered('old', (folder, config) => {
      rmSync(join(folder, 'monitor.json'));
      const { 'monitor.json': _, ...files } = config.files;
      return { ...config, files };
    });
    await using found = await Tagger.load(old);
    expect(found.tag(training.slice(0, 8))).toEqual(tagger.tag(training.slice(0, 8)));
    expect(() => found.monitor()).toThrow(
      /does not know what its training set was like.*\n.*\n.*train it again/,
    );
    expect(() => found.monitor()).toThrow(expect.objectContaining({ code: 'E_MODEL' }));
  });

  it('that are closed cannot be watched', async () => {
    const closed = await Tagger.load(model);
    await closed.close();
    expect(() => closed.monitor()).toThrow('is closed');
  });

  it('have the same monitor.json for the same pipeline, whatever the number of workers', async () => {
    const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=2'] });
    const files: string[] = [];
    for (const workers of [1, 2]) {
      const output = space.path(`by-${workers}`);
      const run = runPipeline(pipeline, { output, base: space.folder, workers });
      while (!(await run.next()).done);
      files.push(readFileSync(join(output, 'monitor.json'), 'utf8'));
    }
    expect(files[0]).toBe(files[1]);
  });
});
