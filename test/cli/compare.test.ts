/** `tagger compare`, and `tagger train` with baselines: the real command, its systems in processes of their own. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkpointFiles } from '../support/checkpoint.js';
import { formats, leftovers, sentences, workspace } from '../support/workspace.js';

const space = workspace();
const gold = sentences(8, 2);

beforeAll(() => {
  for (const [output, epochs] of [
    ['good', '8'],
    ['young', '1'],
  ]) {
    const train = ['train', 'tiny', '--quiet', '--epochs', epochs, '-o', output];
    expect(space.run(train)).toMatchObject({ status: 0, stderr: '' });
  }
  cpSync(space.path('good'), space.path('copies/good'), { recursive: true });
}, 60_000);

function comparisonOf(...args: string[]) {
  const { status, stdout, stderr } = space.run(['compare', ...args, '--quiet', '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('tagger compare', () => {
  it('finds two copies of one model not different, and tells them apart by name', () => {
    const { systems } = comparisonOf('good', 'copies/good');
    expect(systems.map(({ name }: { name: string }) => name)).toEqual(['good', 'good 2']);
    expect(systems[1].significance).toMatchObject({
      isDifferent: false,
      difference: { value: 0, low: 0, high: 0 },
      p: { bootstrap: 1, randomisation: 1 },
    });
  });

  it('scores a model as `tagger evaluate` does, on the split that is asked for', () => {
    for (const split of ['dev', 'test']) {
      const { corpus, systems } = comparisonOf('young', '--on', split);
      const { stdout } = space.run(['evaluate', 'young', `${split}.txt`, '--json']);
      expect(corpus).toMatchObject({ name: 'bakers', split, sentences: 8 });
      expect(systems[0].scores).toEqual(JSON.parse(stdout));
    }
  });

  it('trains every baseline that can learn the labels, and measures each', () => {
    const { systems, corpus } = comparisonOf('good', '--baseline', 'all');
    expect(systems.map(({ name }: { name: string }) => name)).toEqual([
      'good',
      'majority',
      'hmm',
      'perceptron',
      'crf',
      'transformer',
    ]);
    for (const { scores, speed, size, training } of systems) {
      expect(scores.tokens).toBe(corpus.tokens);
      expect(speed.tokensPerSecond).toBeGreaterThan(0);
      expect(speed.latency.p99).toBeGreaterThanOrEqual(speed.latency.p50);
      expect(speed.peakBytes).toBeGreaterThan(1e7);
      expect(size.parameters).toBeGreaterThan(0);
      expect(size.bytes).toBeGreaterThan(0);
      expect(training.seconds).toBeGreaterThanOrEqual(0);
    }
    expect(systems[5].training.curve).toHaveLength(15);
    expect(leftovers(space.list())).toEqual([]);
  }, 120_000);

  it('writes the report and says what it found, the path last', () => {
    const { status, stdout, stderr } = space.run([
      'compare',
      'good',
      '--baseline',
      'majority',
      '-o',
      'out/r',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^test of bakers, 8 sentences, \d+ words\n\nSystem +F1 /);
    expect(stdout).toMatch(/\nreport in out\/r\/report\.html\n$/);
    expect(stderr).toMatch(/^\[1\/2\] good\n {2}F1 [\d.]+\n\[2\/2\] majority\n {2}.+\n {2}F1 [\d.]+\n$/);
    const json = JSON.parse(readFileSync(space.path('out/r/report.json'), 'utf8'));
    const page = readFileSync(space.path('out/r/report.html'), 'utf8');
    for (const { name } of json.systems) {
      expect(stdout).toContain(name);
      expect(page).toContain(name);
    }
  });

  it("takes part in another system's name: its predictions are scored, and not measured", () => {
    space.write('rival.txt', formats.conll(gold));
    const { systems } = comparisonOf('young', '--predictions', 'rival.txt');
    expect(systems[1]).toMatchObject({ name: 'rival', score: { value: 100 } });
    expect(systems[1]).not.toHaveProperty('speed');
    expect(systems[1].significance.difference.value).toBeLessThanOrEqual(0);
  });

  it('cuts predictions that are stretches of text as the model does', () => {
    // The tokenizer that nobody named would cut each word in two.
    const possessive = gold.map((rows) => rows.map((row) => ({ ...row, word: `${row.word}'s` })));
    space.write('possessive.txt', formats.conll(possessive));
    const text = possessive.map((rows) => ({ text: rows.map(({ word }) => word).join(' '), label: [] }));
    space.write('rival.jsonl', text.map((document) => `${JSON.stringify(document)}\n`).join(''));
    const set = ['--set', 'corpus.files.test=possessive.txt', '--set', 'tokenizer=whitespace'];
    expect(space.run(['train', 'tiny', '--quiet', ...set, '-o', 'white'])).toMatchObject({ status: 0 });
    const reading = ['--predictions', 'rival.jsonl', '--predictions-format', 'doccano'];
    const [white, rival] = comparisonOf('white', ...reading).systems;
    expect(rival.scores.tokens).toBe(white.scores.tokens);
  });

  it('refuses predictions of other words, and says where', () => {
    space.write('other.txt', formats.conll(gold).replace('bakery', 'brewery'));
    const { status, stderr } = space.run(['compare', 'young', '--predictions', 'other.txt']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_CORPUS_FORMAT: other\.txt:\d+/);
    expect(stderr).toContain('bakery');
  });

  it.each([
    [['good', '--baseline', 'brill'], 'brill tags single tokens'],
    [['good', '--baseline', 'oracle'], 'expected one of majority, brill'],
    // It cannot be without a model of its own, which only a pipeline can name.
    [['good', '--baseline', 'onnx'], 'expected one of majority, brill'],
    [['good', '--predictions-columns', 'word,ner'], '--predictions-columns: there are no predictions'],
    [['good', 'tiny.yaml'], 'tiny.yaml'],
    [['good', '--on', 'train'], '--on'],
  ])('refuses %j before anything is trained', (args, text) => {
    const { status, stdout, stderr } = space.run(['compare', ...args, '-o', 'refused']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(existsSync(space.path('refused'))).toBe(false);
  });

  it('refuses a file for its report before anything is trained', () => {
    const { status, stdout, stderr } = space.run(['compare', 'good', '-o', 'tiny.yaml']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error E_WRITE: tiny\.yaml: the report cannot be written/);
  });

  it('ends with 130 after Ctrl-C, and leaves nothing behind', async () => {
    const run = space.start(['compare', 'good', '--baseline', 'transformer', '-o', 'half']);
    await run.saw('epoch 1 of');
    run.process.kill('SIGINT');
    const { status, stdout, stderr } = await run.ended;
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr).toContain('error E_INTERRUPTED: the comparison is not finished');
    expect(existsSync(space.path('half/report.html'))).toBe(false);
  });
});

describe('tagger train', () => {
  it('ends in the report of its baselines, whose path it prints', () => {
    const set = ['--set', 'baselines=[majority, { kind: perceptron, epochs: 2 }]'];
    const { status, stdout } = space.run(['train', 'tiny', '--quiet', ...set, '-o', 'compared']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nreport in compared\/report\/report\.html\n$/);
    const { systems } = JSON.parse(readFileSync(space.path('compared/report/report.json'), 'utf8'));
    expect(systems.map(({ name }: { name: string }) => name)).toEqual(['compared', 'majority', 'perceptron']);
    const again = space.run(['train', 'tiny', '--quiet', '--json', ...set, '-o', 'compared']);
    expect(JSON.parse(again.stdout).report).toBe('compared/report/report.html');
  }, 60_000);

  it('compares with a pretrained transformer, fine-tuned on the same corpus', () => {
    for (const [name, content] of Object.entries(checkpointFiles({ sizes: { positions: 32 } })))
      space.write(name, content);
    const baselines = '[{ kind: transformer, checkpoint: checkpoint, set: [training.epochs=1] }]';
    const args = ['train', 'tiny', '--quiet', '--set', `baselines=${baselines}`, '-o', 'tuned'];
    expect(space.run(args)).toMatchObject({ status: 0, stderr: '' });
    const { systems } = JSON.parse(readFileSync(space.path('tuned/report/report.json'), 'utf8'));
    expect(systems[1].name).toBe('transformer');
    expect(systems[1].training.curve).toHaveLength(1);
    expect(systems[1].scores.tokens).toBe(systems[0].scores.tokens);
  }, 60_000);

  it('without baselines says how the model stands against the most frequent tag', () => {
    const { stdout } = space.run(['train', 'tiny', '--quiet', '-o', 'alone']);
    const shown = /\non test: F1 ([\d.]+); the most frequent tag of every word: F1 ([\d.]+)\n/.exec(stdout);
    const { systems } = comparisonOf('alone', '--baseline', 'majority');
    expect(shown?.slice(1)).toEqual(
      systems.map(({ score }: { score: { value: number } }) => score.value.toFixed(2)),
    );
    expect(existsSync(space.path('alone/report'))).toBe(false);
  });

  it.each([
    ['[brill]', 'brill tags single tokens'],
    ['[{ kind: transformer, set: [encoder.layer=3] }]', 'layer'],
    ['[magic]', 'magic'],
  ])('refuses baselines %s before it trains', (baselines, text) => {
    const args = ['train', 'tiny', '--quiet', '--set', `baselines=${baselines}`, '-o', 'unfit'];
    const { status, stdout, stderr } = space.run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(existsSync(space.path('unfit'))).toBe(false);
  });

  it('of several seeds compares the best', () => {
    const args = ['train', 'tiny', '--quiet', '--seeds', '2', '--set', 'baselines=[majority]', '-o', 'seeds'];
    const { status, stdout } = space.run(args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nreport in seeds\/best\/report\/report\.html\n$/);
    const { systems } = JSON.parse(readFileSync(space.path('seeds/best/report/report.json'), 'utf8'));
    expect(systems.map(({ name }: { name: string }) => name)).toEqual(['seeds/best', 'majority']);
  }, 60_000);
});
