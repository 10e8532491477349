/** Runs that are interrupted and go on: from what, and what is refused. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPipeline } from '../../src/pipeline/config.js';
import type { RunRecord, RunResult } from '../../src/pipeline/records.js';
import { type RunOptions, runPipeline } from '../../src/pipeline/run.js';
import { readLatestCheckpoint, writeCheckpoint } from '../../src/training/checkpoint-files.js';
import type { Progress } from '../../src/training/state.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { formats, sentences, tinyFiles, workspace } from '../support/workspace.js';

type Space = ReturnType<typeof workspace>;

interface Ended {
  readonly result: RunResult;
  readonly records: readonly RunRecord[];
}

interface Wishes extends RunOptions {
  readonly set?: readonly string[];
  /** Abort at the end of this epoch. */
  readonly until?: number;
}

async function run(space: Space, { set, until, ...options }: Wishes = {}): Promise<Ended> {
  const pipeline = await loadPipeline(space.path('tiny.yaml'), { set: set && [...set] });
  const { signal, abort } = abortable();
  const output = space.path('model');
  const running = runPipeline(pipeline, { output, base: space.folder, workers: 1, signal, ...options });
  const records: RunRecord[] = [];
  for (;;) {
    const { done, value } = await running.next();
    if (done) return { records, result: value };
    records.push(value);
    if (records.length > 1000) throw new Error('a run without end');
    if (value.kind === 'epoch' && value.epoch === until) abort();
  }
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

const folderOf = (space: Space) => space.path('model.checkpoints');
const checkpointsOf = (space: Space) => (existsSync(folderOf(space)) ? readdirSync(folderOf(space)) : []);
const warnings = ({ records }: Ended) =>
  records.flatMap((record) => (record.kind === 'warning' ? record.text : []));
const history = (space: Space) =>
  readFileSync(space.path('model/history.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { seconds, tokensPerSecond, ...others } = JSON.parse(line);
      return others;
    });

/** A run of five epochs that stops after the third. */
const five = ['training.epochs=5'];
async function interrupted(files = tinyFiles()): Promise<Space> {
  const space = workspace(files);
  const { result } = await run(space, { set: five, until: 3 });
  expect(result).toMatchObject({ interrupted: true, epochs: 3 });
  return space;
}

describe('a run that was interrupted', () => {
  it('goes on to the model and the history of one that was not, and leaves no checkpoints', async () => {
    const whole = workspace();
    const { result } = await run(whole, { set: five });
    expect(checkpointsOf(whole)).toEqual([]);
    const space = await interrupted();
    expect(checkpointsOf(space)).toEqual(
      [12, 18].map((steps) => `checkpoint-${`${steps}`.padStart(12, '0')}.safetensors`),
    );
    const ended = await run(space, { set: five, resume: true });
    expect(ended.records.filter(({ kind }) => kind === 'resumed')).toEqual([
      { kind: 'resumed', text: 'going on in epoch 4, after step 0 of it', epoch: 4 },
    ]);
    expect(warnings(ended)).toEqual([]);
    const { seconds, tokensPerSecond, model, ...same } = result;
    expect(ended.result).toMatchObject(same);
    expect(history(space)).toEqual(history(whole));
    expect(existsSync(folderOf(space))).toBe(false);
  });

  it.each(['{ kind: ema, decay: 0.9, from: 2 }', '{ kind: swa, from: 3 }'])(
    'goes on with the average of its weights: %s',
    async (average) => {
      const set = [...five, `training.average=${average}`];
      const whole = workspace();
      const { result, records } = await run(whole, { set });
      const memory = records.find(({ kind }) => kind === 'memory') as { text: string };
      expect(memory.text).toMatch(/, optimizer \d+\.\d MiB, average 0\.0 MiB, gradients /);
      const space = workspace();
      for (const stopAfter of [1, 2, 3, 4]) await run(space, { set, resume: stopAfter > 1, stopAfter });
      const saved = await readLatestCheckpoint(folderOf(space));
      const names = [...saved!.tensors.keys()].filter((name) => name.startsWith('average/'));
      expect(names).toEqual(expect.arrayContaining(['average/dense', 'average/embeddings.0.table']));
      const ended = await run(space, { set, resume: true });
      expect(ended.result.hash).toBe(result.hash);
      expect(history(space)).toEqual(history(whole));
      expect(result.hash).not.toBe((await run(workspace(), { set: five })).result.hash);
    },
  );

  it('may go on with other workers and other minutes between checkpoints', async () => {
    const space = await interrupted();
    const set = [...five, 'training.workers=2', 'training.checkpoint=3'];
    expect((await run(space, { set, resume: true })).result).toMatchObject({ epochs: 5, interrupted: false });
  });

  it('may be stopped by a budget any number of times', async () => {
    const whole = workspace();
    const { result } = await run(whole, { set: five });
    const space = workspace();
    for (const stopAfter of [1, 2, 4]) {
      const { result } = await run(space, { set: five, resume: stopAfter > 1, stopAfter });
      expect(result).toMatchObject({ epochs: stopAfter, interrupted: false });
      expect(checkpointsOf(space)).not.toEqual([]);
    }
    const last = await run(space, { set: five, resume: true });
    expect(last.result.hash).toBe(result.hash);
    expect(checkpointsOf(space)).toEqual([]);
  });

  it('is not run over by another one, unless forced, which begins anew', async () => {
    const space = await interrupted();
    const before = checkpointsOf(space);
    const { code, problems } = await taggerErrorOf(run(space, { set: five }));
    expect({ code, problems }).toMatchObject({
      code: 'E_USAGE',
      problems: [
        {
          place: { file: folderOf(space) },
          found: 'a checkpoint of epoch 4',
          hint: expect.stringContaining('--resume'),
        },
      ],
    });
    expect(checkpointsOf(space)).toEqual(before);
    const { records, result } = await run(space, { set: [...five, 'seed=2'], force: true, until: 1 });
    expect(records.filter(({ kind }) => kind === 'epoch')).toMatchObject([{ epoch: 1 }]);
    expect(result.epochs).toBe(1);
    expect(checkpointsOf(space)).toEqual(['checkpoint-000000000006.safetensors']);
  });

  it('without a checkpoint begins anew, and says so', async () => {
    const space = workspace();
    const ended = await run(space, { set: five, resume: true });
    expect(warnings(ended)).toEqual([`there is no checkpoint in ${folderOf(space)}; training starts anew`]);
    expect(ended.result.epochs).toBe(5);
  });
});

describe('a checkpoint that is damaged', () => {
  const damage = (space: Space, name: string) => {
    const file = join(folderOf(space), name);
    const bytes = readFileSync(file);
    bytes[bytes.length - 3] ^= 1;
    writeFileSync(file, bytes);
    return file;
  };

  it('is told, and the one before it is used, with the same result', async () => {
    const { result } = await run(workspace(), { set: five });
    const space = await interrupted();
    const file = damage(space, checkpointsOf(space)[1]);
    const ended = await run(space, { set: five, resume: true });
    expect(warnings(ended)).toEqual([`${file}: this checkpoint cannot be used; the one before it is used`]);
    expect(ended.records.find(({ kind }) => kind === 'resumed')).toMatchObject({ epoch: 3 });
    expect(ended.result.hash).toBe(result.hash);
    expect(checkpointsOf(space)).toEqual([]);
  });

  it('ends a run with E_MODEL where it is the last, and is no reason to refuse one that begins anew', async () => {
    const space = await interrupted();
    const files = checkpointsOf(space).map((name) => damage(space, name));
    const { code, problems } = await taggerErrorOf(run(space, { set: five, resume: true }));
    expect(code).toBe('E_MODEL');
    expect(problems.map(({ place }) => place?.file)).toEqual(files.reverse());
    expect((await run(space, { set: five })).result.epochs).toBe(5);
    expect(checkpointsOf(space)).toEqual([]);
  });
});

describe('a run does not go on when something has changed that the result depends on:', () => {
  const write = formats.conll;
  const train = write(sentences(24));
  const adam = ['beta1', 'beta2', 'epsilon', 'amsgrad'];
  it.each<[what: string, set: string[], files: Record<string, string>, keys: string[]]>([
    ['a key', ['training.batch=5'], {}, ['training.batch']],
    ['two keys', ['seed=2', 'training.optimizer.rate=0.1'], {}, ['seed', 'training.optimizer.rate']],
    ['the number of epochs', ['training.epochs=6'], {}, ['training.epochs']],
    [
      'a kind',
      ['decoder=softmax', 'training.optimizer={kind: sgd, rate: 0.05}'],
      {},
      [
        'decoder.kind',
        'decoder.labelSmoothing',
        ...['kind', 'decay', 'momentum', 'nesterov', ...adam].map((key) => `training.optimizer.${key}`),
      ],
    ],
    [
      'an embedding more',
      ['embeddings.2={kind: word, dim: 3}'],
      {},
      ['embeddings.2', 'vocabulary of embeddings[2]'],
    ],
    [
      'a tag of training',
      [],
      { 'train.txt': train.replace('Clara PROPN B-PER', 'Clara PROPN B-LOC') },
      ['train split of the corpus'],
    ],
    [
      'a word of training',
      [],
      { 'train.txt': train.replace('Clara', 'Clarissa') },
      ['train split of the corpus', 'vocabulary of embeddings[0]'],
    ],
    ['a sentence of dev', [], { 'dev.txt': write(sentences(7, 1)) }, ['dev split of the corpus']],
  ])('%s', async (_, set, files, keys) => {
    const space = await interrupted();
    for (const [name, text] of Object.entries(files)) space.write(name, text);
    const { code, problems } = await taggerErrorOf(run(space, { set: [...five, ...set], resume: true }));
    expect(code).toBe('E_RESUME');
    expect(problems.map(({ place }) => place?.key).sort()).toEqual(keys.sort());
    const file = join(folderOf(space), checkpointsOf(space)[1]);
    for (const { place, hint } of problems) {
      expect({ file: place?.file, hint }).toEqual({ file, hint: expect.stringContaining('--force') });
    }
  });

  it.each([
    ['that stays as it is', 'tune: false', 'Clara 0.25 1\nunseen 1 2\n'],
    ['that is only for words of other texts', 'tune: true', 'Clara 0.5 1\nunseen 1 3\n'],
  ])('a pretrained vector %s', async (_, tune, changed) => {
    process.env.TAGGER_CACHE = workspace({}).folder;
    const set = [...five, `embeddings.0={kind: word, dim: 2, vectors: two.vec, ${tune}}`];
    const space = workspace({ ...tinyFiles(), 'two.vec': 'Clara 0.5 1\nunseen 1 2\n' });
    await run(space, { set, until: 3 });
    space.write('two.vec', changed);
    expect(await taggerErrorOf(run(space, { set, resume: true }))).toMatchObject({ code: 'E_RESUME' });
  });

  it('but does with another test split', async () => {
    const space = await interrupted();
    space.write('test.txt', write(sentences(3)));
    expect((await run(space, { set: five, resume: true })).result.epochs).toBe(5);
  });
});

describe('a run that is forced to go on', () => {
  it('does so with what has changed', async () => {
    const space = await interrupted();
    const before = history(space);
    const set = ['training.epochs=6', 'training.batch=8', 'training.clip=1'];
    const { result } = await run(space, { set, resume: true, force: true });
    expect(result.epochs).toBe(6);
    const after = history(space).map(({ epochs, ...others }) => ({ ...others, epochs: 5 }));
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('goes on at the end of an epoch that has fewer steps now', async () => {
    const space = await interrupted();
    const folder = folderOf(space);
    const found = (await readLatestCheckpoint(folder))!;
    // As if in the midst of epoch 4, after 5 of its 6 steps.
    const meta = structuredClone(found.meta) as {
      progress: { -readonly [K in keyof Progress<unknown>]: Progress<unknown>[K] };
    };
    meta.progress.totals = { loss: 1, norms: 1, tokens: 100, steps: 5, watched: [] };
    meta.progress.count += 5;
    await writeCheckpoint(folder, meta.progress.count, { meta, tensors: found.tensors });
    const { result } = await run(space, { set: [...five, 'training.batch=8'], resume: true, force: true });
    expect(result.epochs).toBe(5);
  });

  it.each(['encoder.units=7', 'training.optimizer={kind: sgd, momentum: 0.9}', 'embeddings.0.dim=9'])(
    'is refused where the checkpoint does not fit: %s',
    async (setting) => {
      const space = await interrupted();
      const going = run(space, { set: [...five, setting], resume: true, force: true });
      expect(await taggerErrorOf(going)).toMatchObject({ code: 'E_RESUME' });
    },
  );
});

describe('a place where no checkpoint can be written', () => {
  it('is told after every epoch, and the model is trained and saved all the same', async () => {
    const { result } = await run(workspace(), { set: five });
    const space = workspace({ ...tinyFiles(), 'model.checkpoints': 'a file' });
    const ended = await run(space, { set: five });
    expect(ended.result.hash).toBe(result.hash);
    const told = warnings(ended).filter((text) => text.startsWith('no checkpoint: '));
    expect(told).toHaveLength(5);
    for (const text of told) expect(text).toContain('cannot save the checkpoint');
    expect(readFileSync(space.path('model.checkpoints'), 'utf8')).toBe('a file');
  });
});
