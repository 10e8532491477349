import { describe, expect, it } from 'vitest';
import { idsOf, problemsOf, readStream, sourceConformance, textsOf } from '../conformance/source.js';

const from = 'conllu' as const;
const row = (id: string, form: string, misc = '_') =>
  [id, form, '_', 'X', '_', '_', '0', 'root', '_', misc].join('\t');
const file = (...rows: string[]) => `${rows.join('\n')}\n\n`;
const zoe = file(
  '# sent_id = s1',
  row('1', 'Zoë'),
  row('2-3', 'don’t', 'SpaceAfter=No'),
  row('2', 'do'),
  row('3', 'n’t'),
  row('4', '.'),
);
const rain = file('# text = Rain!', row('1', 'Rain', 'SpaceAfter=No'), row('2', '!'));
const cafe = file('# sent_id = s3', '# newpar', row('1', 'é'));

sourceConformance('conllu', {
  options: { from },
  ending: '.conllu',
  sample: `# global.columns = ID\n\n${zoe}${rain}${cafe}`,
  texts: ['Zoë don’t.', 'Rain!', 'é'],
});

sourceConformance('conllu', {
  options: { from },
  ending: '.conllu',
  sample: `# global = 1\n# newdoc id = one\n${zoe}${rain}# newdoc\n${cafe}# newdoc id = three\n\n# newdoc id=four\n${rain}${rain}`,
  texts: ['Zoë don’t. Rain!', 'é', '', 'Rain! Rain!'],
});

describe('CoNLL-U', () => {
  it('has a sentence a document, with the id of the sentence, where no document is marked first', async () => {
    expect(idsOf(await readStream(zoe + rain + cafe, { from }))).toEqual(['s1', '-#2', 's3']);
  });

  it('has the ids of its documents', async () => {
    const text = `# newdoc id = one\n${zoe}${rain}# newdoc\n${cafe}# newdoc\n${rain}`;
    const outcomes = await readStream(text, { from });
    expect(idsOf(outcomes)).toEqual(['one', 's3', '-#3']);
    expect(outcomes.map(({ document }) => document?.sentences.length)).toEqual([2, 1, 1]);
  });

  it('says what is wrong in which line, and reads the other sentences', async () => {
    const outcomes = await readStream(zoe + file(row('1', 'a'), row('3', 'b')) + rain, { from });
    expect(textsOf(outcomes)).toEqual(['Zoë don’t.', 'Rain!']);
    expect(problemsOf(outcomes)).toEqual([expect.stringMatching(/^-:9:1: id out of order\n/)]);
  });
});
