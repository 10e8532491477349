import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Ended,
  type Format,
  formats,
  leftovers,
  sentences,
  tinyFiles,
  workspace,
} from '../support/workspace.js';

const scoreKeys = ['precision', 'recall', 'f1', 'accuracy', 'byLabel', 'sentences', 'tokens'];

function expectScores(scores: Record<string, unknown>, sentences: number) {
  expect(Object.keys(scores)).toEqual(expect.arrayContaining(scoreKeys));
  for (const key of scoreKeys.slice(0, 4)) {
    expect(scores[key]).toBeGreaterThanOrEqual(0);
    expect(scores[key]).toBeLessThanOrEqual(100);
  }
  expect(scores.sentences).toBe(sentences);
}

describe.each<[Format, string]>([
  ['conll', 'ner'],
  ['conllu', 'upos'],
  ['brown', 'pos'],
])('a corpus in the format %s', (format, label) => {
  const space = workspace(tinyFiles(format));
  let trained: Ended;
  beforeAll(() => {
    trained = space.run(['train', 'tiny.yaml', '--json', '--epochs', '8']);
  });

  it('trains to a saved model; stdout has one JSON object, stderr the progress', () => {
    expect(trained).toMatchObject({ status: 0, signal: null });
    expect(trained.stdout.trimEnd().split('\n')).toHaveLength(1);
    const result = JSON.parse(trained.stdout);
    expect(Object.keys(result).sort()).toEqual(
      ['dev', 'epochs', 'hash', 'majority', 'model', 'seconds', 'test', 'tokensPerSecond'].sort(),
    );
    expect(result).toMatchObject({ model: 'models/tiny', epochs: 8 });
    expect(result.seconds).toBeGreaterThan(0);
    expect(result.tokensPerSecond).toBeGreaterThan(0);
    expectScores(result.dev, 8);
    expectScores(result.test, 8);
    for (const stage of ['corpus', 'tokenizer', 'embeddings', 'encoder', 'decoder', 'training', 'evaluation'])
      expect(trained.stderr).toMatch(new RegExp(`^\\[\\d/7\\] ${stage}`, 'm'));
    expect(trained.stderr).toContain('epoch 8/8');
    expect(leftovers(space.list())).toEqual([]);
  });

  it('has learnt', () => {
    expect(JSON.parse(trained.stdout).test.accuracy).toBeGreaterThan(80);
  });

  it('evaluates to what the training found', () => {
    const { status, stdout, stderr } = space.run(['evaluate', 'models/tiny', 'test.txt', '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(trained.stdout).test);
  });

  it('evaluates to a table for people', () => {
    const { status, stdout, stderr } = space.run(['evaluate', 'models/tiny', 'test.txt']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^processed \d+ tokens with \d+ phrases; found: \d+ phrases; correct: \d+\.\n/);
    expect(stdout).toMatch(/^accuracy: +[\d.]+%; precision: +[\d.]+%; recall: +[\d.]+%; FB1: +[\d.]+$/m);
  });

  it('annotates with what the column holds', () => {
    const { status, stdout, stderr } = space.run(
      ['annotate', 'models/tiny', '-'],
      'Ada Weller came to Lindby.',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { id, tokens, entities } = JSON.parse(stdout);
    expect(id).toBe('-');
    expect(tokens).toHaveLength(6);
    if (label === 'ner') {
      expect(tokens[0]).toEqual({ text: 'Ada', start: 0, end: 3 });
      expect(entities).toContainEqual({ label: 'PER', start: 0, end: 10, text: 'Ada Weller' });
    } else {
      expect(tokens[0]).toEqual({ text: 'Ada', start: 0, end: 3, label: 'PROPN' });
      expect(entities).toEqual([]);
    }
  });

  it('keeps a history with a line an epoch, and a card with corpus, licence and scores', () => {
    const read = (name: string) => readFileSync(space.path(`models/tiny/${name}`), 'utf8');
    const history = read('history.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { loss, rate, seconds, dev } of history) {
      expect(loss).toBeGreaterThan(0);
      expect([rate, seconds]).not.toContain(undefined);
      expectScores(dev, 8);
    }
    const card = read('README.md');
    const { test } = JSON.parse(trained.stdout);
    for (const part of ['bakers', 'CC0-1.0', `\`${label}\``, test.accuracy.toFixed(2)])
      expect(card).toContain(part);
    expect(JSON.parse(read('metrics.json')).test).toEqual(test);
  });
});

describe('training', () => {
  it('with the same seed twice gives the same bytes; with another seed others', () => {
    const space = workspace();
    const weights = (output: string, ...args: string[]) => {
      const { status, stdout } = space.run(['train', 'tiny', '-o', output, '--quiet', ...args]);
      expect(status).toBe(0);
      expect(stdout).toContain(`model saved in ${output}`);
      return readFileSync(space.path(`${output}/model.safetensors`));
    };
    const first = weights('a', '--seed', '7');
    expect(weights('b', '--seed', '7').equals(first)).toBe(true);
    expect(weights('c', '--seed', '8').equals(first)).toBe(false);
  });

  it('with softmax, SGD and a plateau schedule gives a model that annotates', () => {
    const space = workspace();
    const set = ['decoder=softmax', 'training.optimizer={kind: sgd, rate: 0.1}', 'training.schedule=plateau'];
    const args = ['train', 'tiny', '--quiet', ...set.flatMap((one) => ['--set', one])];
    expect(space.run(args)).toMatchObject({ status: 0, stderr: '' });
    expect(space.run(['annotate', 'models/tiny', 'train.txt'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('learns parts of speech from a column of CoNLL files when the scheme is none', () => {
    const space = workspace();
    space.write('tiny.yaml', tinyFiles()['tiny.yaml'].replace('name:', 'label: pos, scheme: none, name:'));
    const { status, stdout } = space.run(['train', 'tiny', '--json', '--quiet']);
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(stdout).test.byLabel)).toContain('PROPN');
  });

  it('scores labels in test that train never had as errors', () => {
    const space = workspace();
    const strange = sentences(4).map((rows) =>
      rows.map((row) => ({ ...row, ner: row.ner.replace('LOC', 'SHIP') })),
    );
    space.write('test.txt', formats.conll([...strange, ...sentences(4)]));
    const { status, stdout } = space.run(['train', 'tiny', '--json', '--quiet', '--epochs', '8']);
    expect(status).toBe(0);
    const { SHIP, LOC } = JSON.parse(stdout).test.byLabel;
    expect(SHIP).toMatchObject({ gold: 3, predicted: 0, correct: 0, f1: 0 });
    expect(LOC.gold).toBe(3);
    expect(space.run(['evaluate', 'models/tiny', 'test.txt'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes a corpus in which every token is in an entity, and one in which none is', () => {
    for (const tags of [
      ['B-LOC', 'I-LOC'],
      ['O', 'O'],
    ]) {
      const space = workspace();
      const text = `Port NN ${tags[0]}\nElena NN ${tags[1]}\n\n`.repeat(4);
      for (const split of ['train', 'dev', 'test']) space.write(`${split}.txt`, text);
      expect(space.run(['train', 'tiny', '--quiet'])).toMatchObject({ status: 0, stderr: '' });
      // One token alone has no tag in a scheme that saw only pairs, but for O.
      const { status, stdout } = space.run(['annotate', 'models/tiny', '-'], 'Port\nElena\nPort Elena');
      expect(status).toBe(0);
      for (const { label } of JSON.parse(stdout).entities) expect(label).toBe('LOC');
    }
  });

  it('that diverges ends with exit code 1, names step and cause, and leaves no model', () => {
    const space = workspace();
    // Every step multiplies the parameters by 1 - 10 · 0.99.
    const optimizer = 'training.optimizer={kind: adamw, rate: 10, decay: 0.99}';
    const before = space.list();
    const { status, stdout, stderr } = space.run([
      'train',
      'tiny',
      '--quiet',
      '--set',
      optimizer,
      '--epochs',
      '50',
    ]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error E_TRAINING: epoch \d+, step \d+ .*: training diverged: the (loss|gradient of [\w., -]+) is/,
    );
    expect(space.list()).toEqual(before);
  });

  it('replaces an older model, an empty folder or nothing, and makes the folders above', () => {
    const space = workspace();
    for (const output of ['deep/er/m', 'deep/er/m', 'deep/er/m/']) {
      expect(space.run(['train', 'tiny', '--quiet', '--epochs', '1', '-o', output]).status).toBe(0);
      expect(existsSync(space.path('deep/er/m/config.json'))).toBe(true);
      expect(leftovers(space.list())).toEqual([]);
    }
  });
});
