import { describe, expect, it } from 'vitest';
import { breakdown, entityForms, type GroupScores } from '../../src/evaluation/index.js';
import { total } from '../../src/evaluation/scores.js';
import { countSpans } from '../../src/evaluation/spans.js';
import { seed, seeded } from '../support/arrays.js';
import { systemsOf } from './systems.js';

const span = (label: string, first: number, end: number) => ({ label, first, end });

describe(`breakdown, seed ${seed}`, () => {
  const words = [['Ada', 'Weller', 'met', 'Clara', 'in', 'Port', 'Elena'], ['Oslo']];
  const sentences = [
    {
      gold: [span('PER', 0, 2), span('PER', 3, 4), span('LOC', 5, 7)],
      predicted: [span('PER', 0, 2), span('LOC', 3, 4), span('LOC', 6, 7)],
    },
    { gold: [span('LOC', 0, 1)], predicted: [] },
  ];
  const training = entityForms(
    [['Ada', 'Weller', 'sailed', 'to', 'Oslo']],
    [['B-LOC', 'E-LOC', 'O', 'O', 'S-LOC']],
    'bioes',
  );
  const found = breakdown(sentences, {
    words,
    isKnown: (word) => word !== 'Elena',
    entities: training,
  });

  it('tells entities whose words training had as an entity, whatever the label, from new ones', () => {
    expect([...training].sort()).toEqual(['Ada Weller', 'Oslo']);
    expect(found.byForm).toMatchObject({
      seen: { gold: 2, predicted: 1, correct: 1, precision: 100, recall: 50 },
      new: { gold: 2, predicted: 2, correct: 0, f1: 0 },
    });
  });

  it('tells entities with a word that training has not seen from others', () => {
    expect(found.byWords).toMatchObject({
      known: { gold: 3, predicted: 2, correct: 1 },
      unknown: { gold: 1, predicted: 1, correct: 0 },
    });
  });

  it('has every group of lengths in order, empty ones too', () => {
    expect(Object.keys(found.byLength)).toEqual(['1', '2', '3', '4+']);
    expect(found.byLength).toMatchObject({
      1: { gold: 2, predicted: 2, correct: 0 },
      2: { gold: 2, predicted: 1, correct: 1 },
      3: { gold: 0, predicted: 0, f1: 0 },
    });
    expect(Object.keys(found.bySentenceLength)).toEqual(['1–5', '6–10', '11–20', '21–40', '41+']);
    expect(found.bySentenceLength).toMatchObject({ '1–5': { gold: 1 }, '6–10': { gold: 3, correct: 1 } });
  });

  it('leaves out what is known only of training where nothing is known of it', () => {
    expect(Object.keys(breakdown(sentences, { words })).sort()).toEqual(['byLength', 'bySentenceLength']);
  });

  it('adds up: every span is in one group of every kind', () => {
    const { lengths, systems } = systemsOf(300, [0.5], seeded(11));
    const random = seeded(12);
    const drawn = lengths.map((length) => Array.from({ length }, () => `w${random.below(40)}`));
    const groups = breakdown(systems[0], {
      words: drawn,
      isKnown: (word) => word < 'w3',
      entities: new Set(drawn.flat().filter((word) => word.endsWith('1'))),
    });
    const expected = total(countSpans(systems[0]).values());
    expect(expected.correct).toBeGreaterThan(100);
    for (const scores of Object.values<GroupScores>({ ...groups })) {
      expect(total(Object.values(scores))).toEqual(expected);
      const filled = Object.values(scores).filter(({ gold }) => gold > 0);
      expect(filled.length).toBeGreaterThan(1);
    }
  });
});
