import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Problem, TaggerError } from '../../src/core/errors.js';
import { Random } from '../../src/core/random.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { commandOf } from '../../src/pipeline/search/command.js';
import { loadSearch, type Search } from '../../src/pipeline/search/load.js';
import { draw, type SearchSection } from '../../src/pipeline/search/space.js';
import { seed } from '../support/arrays.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-search-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Loads the search of `x.yaml`: a pipeline with this section. */
async function load(section: string, ...set: string[]): Promise<Search> {
  await writeFile(join(folder, 'x.yaml'), `corpus: news\ntraining: { epochs: 18 }\nsearch: ${section}\n`);
  return loadSearch('x', { cwd: folder, set });
}

const space = (text: string, more = '') => load(`{ ${more} space: { ${text} } }`);

async function problemsOf(loading: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await loading.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(TaggerError);
  expect(error.code).toBe('E_CONFIG');
  return error.problems;
}

/** What 2000 draws of one range give, as text. */
function drawn(range: SearchSection['space'][string]): string[] {
  const section: SearchSection = { trials: 1, reduction: 3, space: { key: range } };
  return Array.from({ length: 2000 }, (_, i) => draw(section, new Random(seed, i))[0].text);
}

describe(`ranges (seed ${seed})`, () => {
  /** Of 2000 draws a share of 1/10 has 200 with a standard deviation of 13. */
  const [least, most] = [130, 270];

  it.each([
    ['range', { range: [0.2, 0.6] }, (value: number) => (value - 0.2) / 0.4],
    ['log', { log: [0.001, 0.1] }, (value: number) => Math.log10(value / 0.001) / 2],
  ])('of form %s are drawn evenly over their scale, with three digits', (_, range, shareOf) => {
    const tenths = new Array(10).fill(0);
    for (const text of drawn(range)) {
      expect(text).toMatch(/^0\.0*[1-9]\d{0,2}$/);
      const share = shareOf(Number(text));
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-12);
      tenths[Math.min(9, Math.floor(share * 10))]++;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(least);
    expect(Math.max(...tenths)).toBeLessThan(most);
  });

  it('never leave bounds of more than three digits', () => {
    for (const text of drawn({ range: [0.12345, 0.12356] })) {
      expect(Number(text)).toBeGreaterThanOrEqual(0.12345);
      expect(Number(text)).toBeLessThanOrEqual(0.12356);
    }
  });

  it.each([
    [{ range: [50, 200], step: 50 }, ['50', '100', '150', '200']],
    [{ range: [0, 0.3], step: 0.1 }, ['0', '0.1', '0.2', '0.3']],
    [{ range: [1, 2], step: 0.4 }, ['1', '1.4', '1.8']],
    [{ log: [1, 4], step: 1 }, ['1', '2', '3', '4']],
    [{ log: [1, 4], step: 2 }, ['1', '3']],
    [{ values: ['crf', 2, true, null] }, ['crf', '2', 'true', 'null']],
  ])('of %j give each of %j', (range, expected) => {
    const texts = drawn(range);
    expect([...new Set(texts)].sort()).toEqual([...expected].sort());
    for (const one of expected) expect(texts.filter((text) => text === one).length).toBeGreaterThan(least);
  });

  it('write values so that YAML reads them back', () => {
    const values = ['a b', '', '1', 'a, "b"', 'line\nbreak', "it's", ['word', { kind: 'x' }], { a: 1 }];
    const texts = new Set(drawn({ values }));
    expect([...texts].some((text) => text.includes('\n'))).toBe(false);
    const expected = values.map((value) => JSON.stringify(value));
    expect([...texts].sort()).toEqual(expected.sort());
  });
});

describe('the trials', () => {
  const section =
    'encoder.units: { range: [10, 400], step: 1 }, training.optimizer.rate: { log: [0.001, 0.1] }';

  it('are laid over the pipeline as --set does it', async () => {
    const { trials, pipeline } = await space(section, 'trials: 5,');
    expect(trials.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    for (const trial of trials) {
      const set = trial.settings.map(({ key, text }) => `${key}=${text}`);
      expect(trial.pipeline).toEqual(await loadPipeline('x', { cwd: folder, set }));
      expect(set.map((each) => each.split('=')[0])).toEqual(['encoder.units', 'training.optimizer.rate']);
    }
    expect(pipeline).toEqual(await loadPipeline('x', { cwd: folder }));
  });

  it('are the same at every call, and others with another seed', async () => {
    const settingsOf = async (...set: string[]) => (await load(`{ space: { ${section} } }`, ...set)).trials;
    const [first, again, other] = [await settingsOf(), await settingsOf(), await settingsOf('seed=2')];
    expect(again).toEqual(first);
    expect(first).toHaveLength(16);
    const texts = new Set([...first, ...other].map(({ settings }) => JSON.stringify(settings)));
    expect(texts.size).toBe(32);
  });

  it('stay what they are when there are to be more, or the keys stand in another order', async () => {
    const { trials } = await space(section, 'trials: 4,');
    const more = await space(
      section
        .split(/, (?=training)/)
        .reverse()
        .join(', '),
      'trials: 9,',
    );
    expect(more.trials.slice(0, 4).map((trial) => trial.pipeline)).toEqual(
      trials.map((trial) => trial.pipeline),
    );
  });

  it('are all different, and no more than there are settings', async () => {
    const { trials } = await space('encoder.layers: [1, 2], decoder: [crf, softmax]');
    const texts = trials.map(({ settings }) => settings.map(({ text }) => text).join(' '));
    expect(texts.sort()).toEqual(['1 crf', '1 softmax', '2 crf', '2 softmax']);
  });

  it('have the usual rungs, or those of the section', async () => {
    expect((await space(section)).section.epochs).toEqual([2, 6, 18]);
    expect((await space(section, 'epochs: [1, 5],')).section.epochs).toEqual([1, 5]);
  });

  it('give a command for a shell, without the settings of the search', async () => {
    const set = ['search.trials=2', "name=it's", 'training.batch=5'];
    const search = await load('{ space: { encoder: [{ kind: lstm, units: 3 }], decoder: [crf] } }', ...set);
    expect(commandOf(search, search.trials[0].settings)).toBe(
      `tagger train x --set 'name=it'\\''s' --set training.batch=5 --set 'encoder={"kind":"lstm","units":3}' --set decoder=crf`,
    );
  });
});

/** What is expected of a problem, in line 3 of the file. */
const withPlace = ({ place, ...problem }: Partial<Problem>) => ({
  ...problem,
  place: expect.objectContaining({ file: 'x.yaml', line: 3, ...place }),
});

describe('a section that is wrong', () => {
  it.each<[section: string, expected: Partial<Problem>]>([
    ['{}', { message: 'missing', place: { column: 1, key: 'search.space' } }],
    ['{ space: {} }', { message: 'needs at least one key', place: { column: 18 } }],
    [
      '{ trails: 3, space: { seed: [1] } }',
      { message: 'unknown key', hint: 'trials', place: { column: 11 } },
    ],
    [
      '{ trials: 0, space: { a: [1] } }',
      { message: 'out of range', expected: 'a whole number from 1 to 10000' },
    ],
    [
      '{ space: { a: [] } }',
      { message: 'wrong length', place: { column: 23, key: 'search.space.a.values' } },
    ],
    ['{ space: { a: 3 } }', { message: 'wrong type', place: { column: 23, key: 'search.space.a' } }],
    ['{ space: { a: { logg: [1, 2] } } }', { message: 'unknown key', hint: 'log', place: { column: 25 } }],
    ['{ space: { a: { log: [0, 2] } } }', { message: 'out of range', expected: 'a number, above 0' }],
    ['{ space: { a: { log: [3, 2] } } }', { message: 'the first bound must be below the second' }],
    ['{ space: { a: { range: [3] } } }', { message: 'wrong length', place: { column: 32 } }],
    ['{ space: { a: { range: [1, 2], log: [1, 2] } } }', { message: 'needs one of values, log and range' }],
    ['{ space: { a: { values: [1, 2], step: 1 } } }', { message: 'a list has no step' }],
    [
      '{ epochs: [3, 3], space: { a: [1] } }',
      { message: 'not above the number before', place: { column: 23 } },
    ],
    [
      '{ space: { training.optimizer: [sgd], training.optimizer.rate: [1] } }',
      { message: 'is inside training.optimizer, which would replace it', place: { column: 72 } },
    ],
  ])('such as %s is refused with its place', async (section, expected) => {
    const problems = await problemsOf(load(section));
    expect(problems).toContainEqual(expect.objectContaining(withPlace(expected)));
  });

  it.each<[space: string, expected: object]>([
    ['encoder.unitss: [1]', { message: 'unknown key', hint: 'units' }],
    ['encoder.inputDropout: { range: [0, 1.5] }', { message: 'out of range', found: '1.5' }],
    ['decoder: [crf, crff]', { message: 'unknown kind', found: '"crff"', hint: 'crf' }],
    [
      'encoder.units: { range: [10, 20] }',
      { message: 'not a whole number', hint: expect.stringContaining('step') },
    ],
    ['embeddings.7.dim: [1]', { message: 'no such place in the list' }],
    ['a b: [1]', { message: 'not a setting' }],
    ['seed: [1, 2]', { message: 'cannot be searched', hint: expect.stringContaining('--seeds') }],
    ['training.epochs: [5, 9]', { message: 'cannot be searched' }],
    ['evaluation: [{ metric: accuracy }]', { message: 'cannot be searched' }],
    ['corpus.label: [pos, ner]', { message: 'cannot be searched' }],
    ['search.trials: [3]', { message: 'cannot be searched' }],
    ['training.workers: [1, 2]', { message: 'cannot be searched', hint: 'it does not change the result' }],
  ])('because the pipeline has no %s is refused as with --set, with its place', async (text, expected) => {
    const problems = await problemsOf(space(text));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(expected);
    const place = { file: 'x.yaml', line: 3, key: `search.space.${text.split(':')[0]}` };
    expect(problems[0].place).toMatchObject(place);
    expect(problems[0].place?.column).toBe('search: {  space: { '.length + text.indexOf(':') + 3);
  });

  it('where two keys meet names a trial in which they do', async () => {
    const text = 'training.optimizer.kind: [sgd, adam], training.optimizer.momentum: { range: [0, 0.9] }';
    const [problem] = await problemsOf(space(text));
    expect(problem).toMatchObject({
      message: 'unknown key',
      found: 'momentum',
      place: {
        file: 'x.yaml',
        line: 3,
        key: 'search.space.training.optimizer.momentum',
        record: expect.stringMatching(/^in a trial with training\.optimizer\.kind=adam training\.opt/),
      },
    });
  });

  it('with more epochs than the pipeline is refused', async () => {
    const [problem] = await problemsOf(space('decoder: [crf]', 'epochs: [2, 20],'));
    expect(problem).toMatchObject({
      message: 'out of range',
      place: { file: 'x.yaml', line: 3, column: 23, key: 'search.epochs.1' },
      expected: 'at most 18, the training.epochs of the pipeline',
      found: '20',
    });
  });

  it('that is not there is asked for', async () => {
    await writeFile(join(folder, 'y.yaml'), 'corpus: news');
    const [problem] = await problemsOf(loadSearch('y', { cwd: folder }));
    expect(problem).toMatchObject({
      message: 'the pipeline says nothing of a search',
      place: { file: 'y.yaml' },
    });
  });
});

describe('a training', () => {
  it('knows nothing of the section', async () => {
    await load('{ space: { encoder.units: [7] } }');
    const pipeline = await loadPipeline('x', { cwd: folder });
    expect(pipeline).not.toHaveProperty('search');
    await writeFile(join(folder, 'x.yaml'), 'corpus: news\ntraining: { epochs: 18 }');
    expect(await loadPipeline('x', { cwd: folder })).toEqual(pipeline);
  });
});
