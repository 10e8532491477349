import { describe, expect, it } from 'vitest';
import { brill } from '../../src/baselines/brill/brill.js';
import { learnRules } from '../../src/baselines/brill/rules.js';
import { baselineConformance } from '../conformance/baseline.js';
import { labelled, partsOfSpeech, trained } from '../support/baseline.js';

const options = { kind: 'brill' };
baselineConformance('brill', brill, options, { partsOfSpeech: 99 });

describe('brill', () => {
  it('corrects by rules what the most frequent tag of a word gets wrong', async () => {
    const dev = partsOfSpeech(50, 31);
    const task = { train: partsOfSpeech(300, 30), dev, scheme: 'none' } as const;
    const { model, progress } = await trained(brill, options, task);
    const scores = progress.map((line) => Number(/dev ([\d.]+)/.exec(line)?.[1]));
    expect(progress[0]).toMatch(/^0 of/);
    expect(Math.max(...scores)).toBeGreaterThan(scores[0] + 5);
    expect(model.tag([{ tokens: ['the', 'walk'] }, { tokens: ['they', 'walk'] }])).toEqual([
      ['DET', 'NOUN'],
      ['PRON', 'VERB'],
    ]);
  });

  it('learns one rule for one kind of mistake', async () => {
    const sentences = partsOfSpeech(200, 32).map(({ tokens, tags }) => ({
      taggedWords: tokens.map((token, i) => ({
        token,
        tag: tags[i],
        testTag: ['walk', 'answer', 'paint'].includes(token) ? 'NOUN' : tags[i],
      })),
    }));
    // Many rules say the same of it: once one of them has corrected all, the others gain nothing.
    const rules = await learnRules(sentences, { candidates: 1000, score: 3 });
    expect(rules).toHaveLength(1);
    for (const { taggedWords } of sentences) {
      const found = { taggedWords: taggedWords.map(({ token, testTag }) => ({ token, tag: testTag })) };
      for (let i = 0; i < taggedWords.length; i++) rules[0].apply(found, i);
      expect(found.taggedWords.map(({ tag }) => tag)).toEqual(taggedWords.map(({ tag }) => tag));
    }
  });

  it('learns rules from no more tokens than it is told, and the tags of words from all', async () => {
    const task = { train: partsOfSpeech(300, 30), scheme: 'none' } as const;
    const { model, progress } = await trained(brill, { ...options, tokens: 1 }, task);
    expect(progress).toEqual(['0 of 0 rules: dev 0.00']);
    expect(model.tag([{ tokens: ['we', 'see', 'the', 'fox', 'today'] }])[0].join(' ')).toBe(
      'PRON VERB DET NOUN ADV',
    );
  });

  it('takes a tag * for one like others', async () => {
    const train = Array.from({ length: 10 }, () => [
      labelled('is/V not/* so/ADV'),
      labelled('a/DET not/N'),
      labelled('b/DET not/N'),
      labelled('is/V so/ADV'),
    ]).flat();
    const { model } = await trained(brill, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['is', 'not', 'so'] }])).toEqual([['V', '*', 'ADV']]);
  });

  it('gives unknown words the usual tag of words that are seen once, capital letters apart', async () => {
    const train = [
      ...Array.from({ length: 5 }, () => labelled('the/DET the/DET')),
      labelled('fox/NOUN Ann/PROPN river/NOUN Lee/PROPN'),
    ];
    const { model } = await trained(brill, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['zebra', 'Zoe', 'The'] }])).toEqual([['NOUN', 'PROPN', 'DET']]);
  });
});
