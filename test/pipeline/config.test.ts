import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Problem, TaggerError } from '../../src/core/errors.js';
import { embeddingKinds } from '../../src/embeddings/index.js';
import { loadPipeline, type Pipeline, parseConfig } from '../../src/pipeline/config.js';
import { tokenizerKinds } from '../../src/text/tokenizers/index.js';

/** As messages list them. */
const embeddingNames = Object.keys(embeddingKinds)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Loads `x.yaml` with the given text. */
async function load(text: string | Uint8Array, ...set: string[]): Promise<Pipeline> {
  await writeFile(join(folder, 'x.yaml'), text);
  return loadPipeline('x', { cwd: folder, set });
}

async function errorOf(promise: Promise<unknown>): Promise<TaggerError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(TaggerError);
  return error as TaggerError;
}

async function problemsOf(text: string | Uint8Array, ...set: string[]): Promise<readonly Problem[]> {
  const error = await errorOf(load(text, ...set));
  expect(error.code).toBe('E_CONFIG');
  return error.problems;
}

/** A place in `x.yaml`. */
const at = (line: number, column: number, key: string) => ({ file: 'x.yaml', line, column, key });

describe('defaults and shorthands', () => {
  it('fill in every stage of a file that names only its corpus', async () => {
    expect(await load('corpus: wnut17')).toEqual({
      name: 'x',
      seed: 1,
      corpus: { name: 'wnut17' },
      tokenizer: { kind: 'treebank', sentences: { kind: 'natural', wrapped: false } },
      embeddings: [
        { kind: 'word', dim: 100, tune: true, keep: 'all', minCount: 1, unknown: 0.5, dropout: 0 },
        { kind: 'char-cnn', dim: 30, filters: 50, width: 3, dropout: 0.5 },
      ],
      encoder: {
        kind: 'lstm',
        units: 100,
        direction: 'both',
        layers: 1,
        inputDropout: 0.5,
        outputDropout: 0.5,
        variational: false,
        recurrentDropout: 0,
        tokenDropout: 0,
        connections: 'none',
        layerNorm: false,
        init: 'uniform',
      },
      decoder: { kind: 'crf', constrained: true },
      training: {
        epochs: 100,
        context: 'sentence',
        tbptt: null,
        batch: 10,
        clip: 50,
        patience: 30,
        workers: 'auto',
        shards: 4,
        checkpoint: 10,
        rates: {},
        optimizer: { kind: 'sgd', rate: 0.015, momentum: 0, nesterov: false, decay: 1e-8 },
        schedule: { kind: 'inverse-time', decay: 0.05, warmup: 0 },
        average: { kind: 'none' },
      },
      evaluation: { metric: 'auto' },
      baselines: [],
    });
  });

  it('read a kind of sampling alone as the kind with its defaults', async () => {
    const decoder = async (sampling: string) =>
      (await load(`corpus: a\ndecoder: {kind: lstm, sampling: ${sampling}}`)).decoder;
    expect(await decoder('linear')).toMatchObject({
      sampling: { kind: 'linear', steps: 10_000, floor: 0.25 },
    });
    expect(await decoder('{kind: inverse-sigmoid, k: 5}')).toMatchObject({
      sampling: { kind: 'inverse-sigmoid', k: 5 },
    });
    expect((await load('corpus: a\ndecoder: lstm')).decoder).toMatchObject({ sampling: { kind: 'none' } });
  });

  it('read a kind alone as the kind with its defaults', async () => {
    const text =
      'corpus: a\nembeddings: [word]\nencoder: lstm\ndecoder: softmax\ntraining: {optimizer: adam}\n' +
      'tokenizer: {kind: whitespace, sentences: lines}';
    const pipeline = await load(text);
    expect(pipeline.embeddings.map(({ kind }) => kind)).toEqual(['word']);
    expect(pipeline.decoder).toEqual({ kind: 'softmax', labelSmoothing: 0, constrained: true });
    expect(pipeline.tokenizer).toEqual({ kind: 'whitespace', sentences: { kind: 'lines' } });
    expect(pipeline.training.optimizer).toMatchObject({ kind: 'adam', rate: 0.001 });
  });

  it.each(Object.keys(tokenizerKinds))('give the tokenizer %s a sentence splitter', async (kind) => {
    const pattern = kind === 'regexp' ? ', pattern: x' : '';
    expect((await load(`corpus: a\ntokenizer: {kind: ${kind}${pattern}}`)).tokenizer).toMatchObject({
      kind,
      sentences: { kind: 'natural', wrapped: false },
    });
  });

  it('take the usual kind of a stage that has options only', async () => {
    expect((await load('corpus: a\nencoder: {units: 7}')).encoder).toMatchObject({ kind: 'lstm', units: 7 });
  });

  it('are the same when a checked config is checked again', async () => {
    const pipeline = await load('corpus: a\ntraining: {clip: 5}');
    expect(parseConfig(structuredClone(pipeline), { file: 'config.json' })).toEqual(pipeline);
  });

  it('yield a config that is frozen to the bottom', async () => {
    const pipeline = await load('corpus: a');
    expect(() => Object.assign(pipeline.training.optimizer, { rate: 1 })).toThrow(TypeError);
    expect(() => pipeline.embeddings.pop()).toThrow(TypeError);
  });

  it('keep a corpus that is described inline', async () => {
    const text = 'corpus:\n  format: conll\n  columns: [word, ner]\n  files: {train: a, dev: b, test: c}';
    expect((await load(text)).corpus).toMatchObject({ format: 'conll', files: { train: ['a'] } });
  });
});

describe('--set', () => {
  it('reads values as YAML and both ways to write an index', async () => {
    const set = ['training.epochs=5', 'embeddings.0.dim=50', 'embeddings[1].dropout=0', 'decoder=softmax'];
    const pipeline = await load('corpus: a', ...set, 'encoder={units: 8}', 'name=5.0.1');
    expect(pipeline.training.epochs).toBe(5);
    expect(pipeline.embeddings).toMatchObject([{ dim: 50 }, { dropout: 0 }]);
    expect(pipeline.decoder).toEqual({ kind: 'softmax', labelSmoothing: 0, constrained: true });
    expect(pipeline.encoder).toMatchObject({ kind: 'lstm', units: 8 });
    expect(pipeline.name).toBe('5.0.1');
  });

  it('gives groups of parameters their rates', async () => {
    const set = ['training.rates.encoder=0.5', 'training.rates.decoder=0'];
    const { training } = await load('corpus: a\ntraining: {rates: {embeddings.0: 2}}', ...set);
    expect(training.rates).toEqual({ 'embeddings.0': 2, encoder: 0.5, decoder: 0 });
  });

  it('reaches into shorthands, appends to lists, and the last setting wins', async () => {
    const set = ['training.optimizer.rate=0.2', 'embeddings.2=word', 'corpus.label=xpos', 'seed=2', 'seed=3'];
    const pipeline = await load('corpus: a\ntraining: {optimizer: adam}', ...set);
    expect(pipeline.training.optimizer).toMatchObject({ kind: 'adam', rate: 0.2 });
    expect(pipeline.embeddings).toHaveLength(3);
    expect(pipeline.corpus).toEqual({ name: 'a', label: 'xpos' });
    expect(pipeline.seed).toBe(3);
  });

  it.each([
    ['training.epochs=0', 'training.epochs', 'out of range'],
    ['training.epoch=5', 'training.epoch', 'unknown key'],
    ['trainng.epochs=5', 'trainng', 'unknown key'],
    ['seed.x=1', 'seed.x', 'seed has no keys'],
    ['embeddings.7.dim=5', 'embeddings.7.dim', 'no such place in the list'],
    ['embeddings.word.dim=5', 'embeddings.word.dim', 'no such place in the list'],
    ['seed=[', 'seed', 'not YAML'],
    ['seed=*x', 'seed', 'not YAML'],
    ['seed', undefined, 'not a setting'],
    ['=1', undefined, 'not a setting'],
    ['__proto__.seed=1', undefined, 'not a setting'],
  ])('refuses %s at its place', async (setting, key, message) => {
    const [problem] = await problemsOf('corpus: a\nseed: 1', setting);
    expect(problem.place).toEqual(key ? { file: '--set', key } : { file: '--set' });
    expect(problem.message).toContain(message);
  });

  it('leaves mistakes of the file at their place in the file', async () => {
    const problems = await problemsOf('corpus: a\nsed: 1\ntraining: {batch: 0}', 'training.epochs=0');
    expect(problems.map(({ place }) => place)).toEqual([
      { file: '--set', key: 'training.epochs' },
      at(2, 1, 'sed'),
      at(3, 19, 'training.batch'),
    ]);
  });

  it('points to the right key for an option that is named without its stage', async () => {
    const [problem] = await problemsOf('corpus: a', 'epochs=3');
    expect(problem.hint).toBe('training.epochs');
  });
});

describe('a mistake is reported with place, expectation and finding:', () => {
  const cases: [name: string, text: string, problem: Problem][] = [
    [
      'an unknown stage',
      'corpus: a\nencodr: lstm',
      { message: 'unknown key', place: at(2, 1, 'encodr'), found: 'encodr', hint: 'encoder' },
    ],
    [
      'an unknown key',
      'corpus: a\ntraining:\n  epoch: 5',
      { message: 'unknown key', place: at(3, 3, 'training.epoch'), found: 'epoch', hint: 'epochs' },
    ],
    [
      'an unknown key of a kind',
      'corpus: a\nembeddings:\n  - word\n  - {kind: char-cnn, filter: 5}',
      { message: 'unknown key', place: at(4, 22, 'embeddings.1.filter'), found: 'filter', hint: 'filters' },
    ],
    [
      'an unknown kind',
      'corpus: a\nembeddings:\n  - kind: wrod',
      {
        message: 'unknown kind',
        place: at(3, 11, 'embeddings.0.kind'),
        expected: embeddingNames,
        found: '"wrod"',
        hint: 'word',
      },
    ],
    [
      'an unknown kind as a shorthand',
      'corpus: a\ndecoder: crff',
      { message: 'unknown kind', place: at(2, 10, 'decoder.kind'), found: '"crff"', hint: 'crf' },
    ],
    [
      'a kind left out',
      'corpus: a\nembeddings:\n  - dim: 5',
      { message: 'missing', place: at(3, 5, 'embeddings.0.kind'), expected: embeddingNames },
    ],
    [
      'an unknown word',
      'corpus: a\nencoder: {direction: bth}',
      {
        message: 'unknown value',
        place: at(2, 22, 'encoder.direction'),
        expected: 'forward, backward or both',
        found: '"bth"',
        hint: 'both',
      },
    ],
    [
      'a number out of range',
      'corpus: a\nencoder:\n  layers: 9',
      {
        message: 'out of range',
        place: at(3, 11, 'encoder.layers'),
        expected: 'a whole number from 1 to 8',
        found: '9',
      },
    ],
    [
      'a number at an open end of its range',
      'corpus: a\nencoder: {inputDropout: 1}',
      {
        message: 'out of range',
        place: at(2, 25, 'encoder.inputDropout'),
        expected: 'a number, at least 0 and below 1',
        found: '1',
      },
    ],
    [
      'a warm-up that is neither a share nor steps',
      'corpus: a\ntraining:\n  schedule: {kind: linear, warmup: 1.5}',
      {
        message: 'out of range',
        place: at(3, 36, 'training.schedule.warmup'),
        expected: 'a number, at least 0 and below 1 or a whole number, at least 1',
        found: '1.5',
      },
    ],
    [
      'an average that begins after the end',
      'corpus: a\ntraining: {epochs: 9, average: {kind: ema, from: 10}}',
      {
        message: 'begins in epoch 10, after the last one, which is 9',
        place: at(2, 50, 'training.average.from'),
        expected: 'a whole number, at least 1',
        found: '10',
      },
    ],
    [
      'a broken number',
      'corpus: a\ntraining: {batch: 1.5}',
      {
        message: 'not a whole number',
        place: at(2, 19, 'training.batch'),
        expected: 'a whole number from 1 to 65536',
        found: '1.5',
      },
    ],
    [
      'infinity',
      'corpus: a\ntraining: {clip: .inf}',
      {
        message: 'wrong type',
        place: at(2, 18, 'training.clip'),
        expected: 'a number, above 0',
        found: 'Infinity',
      },
    ],
    [
      'a value of the wrong type',
      'corpus: a\ntraining: {epochs: ten}',
      { message: 'wrong type', place: at(2, 20, 'training.epochs'), found: '"ten"' },
    ],
    [
      'a choice between a word and a number',
      'corpus: a\nembeddings: [{kind: word, keep: some}]',
      {
        message: 'wrong value',
        place: at(2, 33, 'embeddings.0.keep'),
        expected: 'all or a whole number, at least 0',
        found: '"some"',
      },
    ],
    [
      'a rule of its own',
      'corpus: a\nembeddings: [{kind: char-cnn, width: 4}]',
      {
        message: 'must be odd',
        place: at(2, 38, 'embeddings.0.width'),
        expected: 'a whole number from 1 to 15',
        found: '4',
      },
    ],
    [
      'a mapping for a list',
      'corpus: a\nembeddings: {kind: word}',
      {
        message: 'wrong type',
        place: at(2, 13, 'embeddings'),
        expected: 'a list of at least 1',
        found: '{"kind":"word"}, a mapping',
      },
    ],
    [
      'an empty list',
      'corpus: a\nembeddings: []',
      { message: 'wrong length', place: at(2, 13, 'embeddings') },
    ],
    [
      'a stage without a value',
      'corpus: a\ndecoder:\n',
      {
        message: 'wrong type',
        place: at(2, 9, 'decoder'),
        expected: 'a mapping of kind crf, softmax or lstm',
        found: 'nothing',
      },
    ],
    ['a missing corpus', 'seed: 2', { message: 'missing', place: at(1, 1, 'corpus') }],
    [
      'an inline corpus without files',
      'seed: 2\ncorpus:\n  format: conll\n  columns: [word, ner]',
      {
        message: 'either `files` or `split` says which files belong to which split',
        place: at(2, 1, 'corpus.files'),
      },
    ],
    [
      'an inline corpus without a format',
      'corpus:\n  files: {train: a, dev: b}',
      {
        message: 'missing',
        place: at(1, 1, 'corpus.format'),
        expected: expect.stringMatching(/^conll, conllu, .* or brat$/),
      },
    ],
    [
      'an unknown key of an inline corpus',
      'corpus:\n  format: conll\n  columns: [word, ner]\n  files: {train: a, dev: b, tset: c}',
      { message: 'unknown key', place: at(4, 29, 'corpus.files.tset'), hint: 'test' },
    ],
    [
      'a name that is a path',
      'corpus: a\nname: ../x',
      { message: 'not the name of a folder: no slash, no dot at the start', place: at(2, 7, 'name') },
    ],
    ['a file without content', '', { message: 'wrong type', place: at(1, 1, ''), found: 'nothing' }],
    [
      'a file that is a list',
      '- corpus',
      { message: 'wrong type', place: at(1, 1, ''), found: '["corpus"], a list' },
    ],
    [
      'a key there twice',
      'corpus: a\ntraining:\n  batch: 5\n  batch: 6',
      { message: 'key is there twice', place: at(4, 3, 'training.batch') },
    ],
  ];

  it.each(cases)('%s', async (_, text, problem) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(problem);
  });

  it('YAML that is none', async () => {
    const [problem] = await problemsOf('corpus: a\nseed: [1, 2');
    expect(problem.message).toContain('not YAML');
    expect(problem.place).toMatchObject({ file: 'x.yaml', line: 2 });
  });

  it('an alias that points nowhere', async () => {
    const [problem] = await problemsOf('corpus: *name');
    expect(problem.message).toContain('not YAML');
  });

  it('a file that is not UTF-8', async () => {
    const [problem] = await problemsOf(Buffer.from('seed: 1\ncorpus: caf\u00e9', 'latin1'));
    expect(problem).toMatchObject({ message: 'not UTF-8', place: { file: 'x.yaml', line: 2, column: 12 } });
  });

  it('a place below an alias is where the anchor has it', async () => {
    const [problem] = await problemsOf('corpus: a\nencoder: &e {units: 0}\n');
    expect(problem.place).toEqual(at(2, 21, 'encoder.units'));
  });

  it('all of them at once, in order of the file', async () => {
    const text = 'encodr: lstm\nseed: -1\ntraining: {epoch: 5, batch: x}\ndecoder: crff';
    const found = (await problemsOf(text)).map(({ place }) => `${place?.line} ${place?.key}`);
    expect(found).toEqual([
      '1 corpus',
      '1 encodr',
      '2 seed',
      '3 training.epoch',
      '3 training.batch',
      '4 decoder.kind',
    ]);
  });

  it('and in a stored config with the place that the caller gives', () => {
    const parse = () =>
      parseConfig({ name: 'x', corpus: 'a', seed: 'one' }, { file: 'm/config.json', record: 'pipeline' });
    expect(parse).toThrow(
      'm/config.json seed pipeline: wrong type\n  expected: a whole number from 0 to 4294967295\n  found: "one"',
    );
  });
});

describe('the file of a pipeline', () => {
  it('is looked for as given before ./pipelines, with or without its extension', async () => {
    await mkdir(join(folder, 'pipelines'));
    await writeFile(join(folder, 'pipelines/y.yaml'), 'corpus: inner');
    for (const reference of ['y', 'y.yaml', 'pipelines/y', join(folder, 'pipelines/y.yaml')]) {
      expect(await loadPipeline(reference, { cwd: folder })).toMatchObject({
        name: 'y',
        corpus: { name: 'inner' },
      });
    }
    await writeFile(join(folder, 'y.yaml'), 'corpus: outer');
    expect(await loadPipeline('y', { cwd: folder })).toMatchObject({ corpus: { name: 'outer' } });
  });

  it('is not a folder of that name', async () => {
    await mkdir(join(folder, 'conll'));
    expect(await loadPipeline('conll', { cwd: folder })).toMatchObject({ name: 'conll' });
  });

  it('that is missing gets an error with the places and the nearest name', async () => {
    const error = await errorOf(loadPipeline('wnut71.yaml', { cwd: folder }));
    expect(error.code).toBe('E_FILE_MISSING');
    expect(error.problems[0].hint).toBe('wnut17');
    expect(error.message).toContain(join('pipelines', 'wnut71.yaml'));
  });
});

describe('the pipelines that come with tagger', async () => {
  const names = (await readdir('pipelines')).map((name) => name.replace('.yaml', ''));

  it('are one for each corpus, and two for the parts of speech of EWT', () => {
    const expected = [
      'bc5cdr',
      'brown',
      'conll',
      'conll2003',
      'ewt-upos',
      'ewt-xpos',
      'ncbi-disease',
      'wnut17',
    ];
    expect(names.sort()).toEqual(expected);
  });

  it.each(names)('%s is sound', async (name) => {
    expect(await loadPipeline(name, { cwd: folder })).toMatchObject({ name });
  });
});
