import { describe, expect, it } from 'vitest';
import { majority } from '../../src/baselines/majority.js';
import { baselineConformance } from '../conformance/baseline.js';
import { labelled, partsOfSpeech, trained } from '../support/baseline.js';

const options = { kind: 'majority' };
baselineConformance('majority', majority, options, { partsOfSpeech: 70, spans: 60 });

describe('majority', () => {
  it('gives a word its most frequent tag, counted by hand', async () => {
    const train = partsOfSpeech(200, 8);
    const { model } = await trained(majority, options, { train, scheme: 'none' });
    const tokens = train.flatMap((sentence) => sentence.tokens.map((word, i) => [word, sentence.tags[i]]));
    for (const word of new Set(tokens.map(([word]) => word))) {
      const own = tokens.filter(([other]) => other === word).map(([, tag]) => tag);
      const count = (tag: string) => own.filter((other) => other === tag).length;
      const [[found]] = model.tag([{ tokens: [word] }]);
      expect(count(found), word).toBe(Math.max(...own.map(count)));
    }
  });

  it('gives other words the most frequent tag of the corpus', async () => {
    const train = [labelled('a/DET fox/NOUN'), labelled('we/PRON hold/VERB foxes/NOUN')];
    const { model } = await trained(majority, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['zebra', 'Fox'] }])).toEqual([['NOUN', 'NOUN']]);
  });

  it('takes the tag that it saw first where two are as frequent', async () => {
    const train = [labelled('walk/VERB walk/NOUN walk/NOUN walk/VERB run/NOUN run/VERB')];
    const { model } = await trained(majority, options, { train, scheme: 'none' });
    expect(model.tag([{ tokens: ['walk', 'run', 'other'] }])).toEqual([['VERB', 'NOUN', 'VERB']]);
  });

  it('makes spans of what words say one by one', async () => {
    const train = [labelled('Ann/B-X van/I-X Lee/E-X'), labelled('Bob/S-X met/O Cy/B-Y Fox/E-Y')];
    const { model } = await trained(majority, options, { train, scheme: 'bioes' });
    const tag = (text: string) => model.tag([{ tokens: text.split(' ') }])[0].join(' ');
    expect(tag('Ann Lee')).toBe('B-X E-X');
    expect(tag('Ann van met')).toBe('B-X E-X O');
    expect(tag('Lee met Ann')).toBe('S-X O S-X');
    // Y has no tag for a span of one token, and nothing goes on from one label to another.
    expect(tag('Cy Lee Fox')).toBe('O S-X O');
  });
});
