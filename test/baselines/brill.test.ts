import { describe, expect, it } from 'vitest';
import { brill } from '../../src/baselines/brill/brill.js';
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
