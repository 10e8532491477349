import { beforeAll, describe, expect, it } from 'vitest';
import { workspace } from '../support/workspace.js';

const space = workspace();
beforeAll(() => {
  space.write('text.txt', 'Ada Weller opened a bakery in Port Elena. Rain fell on Lindby.');
  for (const [name, ...set] of [['m'], ['pos', '--set', 'corpus.label=pos', '--set', 'corpus.scheme=none']]) {
    expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', name, ...set]).status).toBe(0);
  }
});

interface Scored {
  readonly label?: string;
  readonly tag?: string;
  readonly score: number;
}

function annotate(model: string, ...options: string[]) {
  const { status, stdout, stderr } = space.run(['annotate', model, 'text.txt', ...options]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const without = (pieces: readonly Scored[]) => pieces.map(({ score, ...piece }) => piece);

describe('tagger annotate', () => {
  it('--scores gives entities a score, and tokens their tag and its score', () => {
    const plain = annotate('m');
    const { tokens, entities } = annotate('m', '--scores');
    expect(without(entities)).toEqual(plain.entities);
    expect(without(tokens).map(({ tag, ...token }) => token)).toEqual(plain.tokens);
    for (const { tag } of tokens) expect(tag).toMatch(/^(O|[BIES]-\w+)$/);
    for (const { score } of [...tokens, ...entities]) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(String(score).replace(/e.*|^0\.0*|\./g, '').length).toBeLessThanOrEqual(6);
    }
  });

  it('--min-score drops the entities below it, and no others', () => {
    const { tokens, entities } = annotate('m', '--scores');
    expect(entities.length).toBeGreaterThan(1);
    const scores: number[] = entities.map(({ score }: Scored) => score).sort();
    const least = (scores[0] + scores[scores.length - 1]) / 2;
    expect(annotate('m', '--min-score', '0')).toMatchObject({ tokens, entities });
    const kept = annotate('m', '--min-score', String(least));
    expect(kept.entities).toEqual(entities.filter(({ score }: Scored) => score >= least));
    expect(kept.tokens).toEqual(tokens);
  });

  it('--nbest gives the best sequences of every sentence', () => {
    const { text, entities, tokens, nbest } = annotate('m', '--nbest', '3');
    expect(annotate('m')).toMatchObject({ entities, tokens });
    expect(nbest).toHaveLength(2);
    for (const { start, end, sequences } of nbest) {
      expect(sequences).toHaveLength(3);
      for (const { probability, tags, entities } of sequences) {
        expect(probability).toBeGreaterThan(0);
        const inside = tokens.filter(
          (token: { start: number; end: number }) => token.start >= start && token.end <= end,
        );
        expect(tags).toHaveLength(inside.length);
        for (const entity of entities) expect(text.slice(entity.start, entity.end)).toBe(entity.text);
      }
    }
  });

  it('gives the labels of single tokens a score, and has no entities to drop', () => {
    const { tokens, entities } = annotate('pos', '--scores');
    expect(without(tokens)).toEqual(annotate('pos').tokens);
    expect(entities).toEqual([]);
    const { status, stderr } = space.run(['annotate', 'pos', 'text.txt', '--min-score', '0.5']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_USAGE: --min-score: /);
  });

  it.each([
    ['--min-score', '1.1'],
    ['--min-score', '-0.1'],
    ['--min-score', 'high'],
    ['--min-score', ''],
    ['--nbest', '0'],
    ['--nbest', '1.5'],
  ])('%s "%s" is wrong usage', (option, value) => {
    const { status, stdout, stderr } = space.run(['annotate', 'm', 'text.txt', `${option}=${value}`]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error E_USAGE: option '${option} <`));
  });
});

describe('tagger evaluate --calibration', () => {
  it.each(['m', 'pos'])('prints the reliability table below the scores, model %s', (model) => {
    const scores = space.run(['evaluate', model, 'test.txt']).stdout;
    const { status, stdout } = space.run(['evaluate', model, 'test.txt', '--calibration']);
    expect(status).toBe(0);
    expect(stdout.startsWith(scores)).toBe(true);
    const table = stdout.slice(scores.length).trim().split('\n');
    expect(table).toHaveLength(12);
    expect(table[0]).toMatch(/^score +count +mean score +correct$/);
    expect(table[10]).toMatch(/^0\.9 … 1\.0 /);
    expect(table[11]).toMatch(/^expected calibration error 0\.\d{4} of \d+$/);
  });

  it('is data in --json', () => {
    const plain = JSON.parse(space.run(['evaluate', 'm', 'test.txt', '--json']).stdout);
    const { calibration, ...scores } = JSON.parse(
      space.run(['evaluate', 'm', 'test.txt', '--calibration', '--json']).stdout,
    );
    expect(scores).toEqual(plain);
    expect(calibration.bins).toHaveLength(10);
    const predicted = Object.values(plain.byLabel as Record<string, { predicted: number }>);
    expect(calibration.count).toBe(predicted.reduce((sum, label) => sum + label.predicted, 0));
  });
});
