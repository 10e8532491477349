import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspace } from '../support/workspace.js';

describe('tagger train --seeds', () => {
  const space = workspace();
  const train = (...args: string[]) => space.run(['train', 'tiny', '--seeds', '3', '--epochs', '4', ...args]);

  it('shows every seed, mean ± sd, and the best on dev, which is a model', () => {
    const { status, stdout, stderr } = train();
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^seed 2 {2}epoch 4\/4 /m),
    });
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^seed +dev F1 +test F1 +best epoch +time$/);
    const scores = rows.slice(0, 3).map((row) => {
      const [, seed, best, dev, test] = /^(\d)( \*)? +([\d.]+) +([\d.]+) +\d\/4 +\d+s$/.exec(row) ?? [];
      return { seed, isBest: best !== undefined, dev: Number(dev), test: Number(test) };
    });
    expect(scores.map(({ seed }) => seed)).toEqual(['1', '2', '3']);
    const best = scores.find(({ isBest }) => isBest);
    expect(best?.dev).toBe(Math.max(...scores.map(({ dev }) => dev)));
    const mean = scores.reduce((sum, { dev }) => sum + dev / 3, 0);
    const sd = Math.sqrt(scores.reduce((sum, { dev }) => sum + (dev - mean) ** 2 / 2, 0));
    const [, shownMean, shownSd] = /^mean +([\d.]+) ± ([\d.]+) /.exec(rows[3]) ?? [];
    expect(Number(shownMean)).toBeCloseTo(mean, 1);
    expect(Number(shownSd)).toBeCloseTo(sd, 1);
    expect(realpathSync(space.path('models/tiny/best'))).toBe(
      realpathSync(space.path(`models/tiny/seed-${best?.seed}`)),
    );
    const { stdout: json } = space.run(['evaluate', 'models/tiny/best', 'dev.txt', '--json']);
    expect(JSON.parse(json).f1).toBeCloseTo(best?.dev ?? 0, 1);
  });

  it('makes of each seed the model that this seed makes alone', () => {
    const { runs, best, interrupted } = JSON.parse(train('--json').stdout);
    expect({ best, interrupted }).toEqual({ best: 'models/tiny/best', interrupted: false });
    const alone = space.run(['train', 'tiny', '--seed', '2', '--epochs', '4', '--json', '-o', 'alone']);
    const run = runs.find(({ seed }: { seed: number }) => seed === 2);
    expect(run.result.hash).toBe(JSON.parse(alone.stdout).hash);
  });

  it('is refused where a model of one run is', () => {
    space.run(['train', 'tiny', '--epochs', '1', '-o', 'one']);
    const { status, stderr } = train('-o', 'one');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error E_USAGE: one: this is no folder of the models of several seeds\n.*\n {2}found: a model\n/,
    );
  });

  it('is refused without a seed', () => {
    const { status, stderr } = space.run(['train', 'tiny', '--seeds', '0']);
    expect(status).toBe(2);
    expect(stderr).toContain('expected at least 1');
  });
});

describe('tagger search', () => {
  const space = workspace();
  const yaml = readFileSync(space.path('tiny.yaml'), 'utf8');
  const section = `
search:
  trials: 3
  epochs: [1, 2]
  space:
    training.optimizer.rate: { log: [0.001, 0.1] }
    decoder: [crf, softmax]
`;
  space.write('tiny.yaml', yaml + section);

  it('ends with a command that trains with the best settings, and goes on where it was', () => {
    const { status, stdout } = space.run(['search', 'tiny']);
    expect(status).toBe(0);
    const command = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(command).toMatch(
      /^tagger train tiny --set training\.optimizer\.rate=[\d.]+ --set decoder=(crf|softmax)$/,
    );
    const rows = readFileSync(space.path('models/tiny.search/trials.csv'), 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(1 + 3 + 1);
    const again = space.run(['search', 'tiny']);
    expect(again.stdout).toBe(stdout);
    expect(again.stderr).not.toContain('epoch 1/');
    expect(space.run([...command.split(' ').slice(1), '--epochs', '1']).status).toBe(0);
    expect(existsSync(space.path('models/tiny/config.json'))).toBe(true);
  });

  it('says where a pipeline has nothing to search, or a wrong key', () => {
    space.write('none.yaml', yaml);
    expect(space.run(['search', 'none'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error E_CONFIG: none\.yaml/),
    });
    space.write('typo.yaml', yaml + section.replace('training.optimizer.rate', 'training.optimizer.rat'));
    const { status, stderr } = space.run(['search', 'typo']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_CONFIG: typo\.yaml:\d+:\d+ .*rat/);
    expect(existsSync(space.path('models/typo.search'))).toBe(false);
  });
});
