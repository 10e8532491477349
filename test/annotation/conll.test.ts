import { describe, expect, it } from 'vitest';
import { conll } from '../../src/annotation/sources/conll.js';
import { limits } from '../../src/annotation/sources/kind.js';
import { idsOf, problemsOf, readStream, sourceConformance, textsOf } from '../conformance/source.js';

const from = 'conll' as const;

sourceConformance('conll', {
  options: { from, columns: ['word', 'pos'] },
  ending: '.conll',
  sample: 'Zoë PROPN\nsailed VERB\n. PUNCT\n\n\nRain NOUN\nfell VERB\n \t\né X\n\n😂 X\n',
  texts: ['Zoë sailed .', 'Rain fell', 'é', '😂'],
});

sourceConformance('conll', {
  options: { from, columns: ['word', '_'], separator: 'tab' },
  ending: '.bio',
  sample:
    '\n-DOCSTART-\t-X-\n\nZoë\tO\nsailed\tO\n\nAda\tO\n\n-DOCSTART-\t-X-\n-DOCSTART-\t-X-\nÉ é\tO\n\n-DOCSTART-\t-X-\n\n#\tO\n',
  texts: ['Zoë sailed\nAda', '', 'É é', '#'],
});

describe('CoNLL without marks of documents', () => {
  it('has a sentence a document, called by its number', async () => {
    const outcomes = await readStream('Rain\nfell\n\nAda\n', { from });
    expect(idsOf(outcomes)).toEqual(['-#1', '-#2']);
    expect(outcomes[0].document?.sentences).toEqual([
      {
        tokens: [
          { text: 'Rain', start: 0, end: 4 },
          { text: 'fell', start: 5, end: 9 },
        ],
        columns: {},
      },
    ]);
  });

  it('takes a mark further down for the border of a sentence', async () => {
    expect(textsOf(await readStream('Rain\nfell\n-DOCSTART-\nAda\n\n-DOCSTART-\n\nZoë', { from }))).toEqual([
      'Rain fell',
      'Ada',
      'Zoë',
    ]);
  });

  it('keeps the other columns that have a name', async () => {
    const [{ document }] = await readStream('Rain _ N\n', { from, columns: ['word', '_', 'pos'] });
    expect(document?.sentences[0].columns).toEqual({ pos: ['N'] });
  });

  it('may have comments, which make no document', async () => {
    const outcomes = await readStream('# all\n\n# one\nRain\n# more\n\n# end\n', { from, comments: true });
    expect(textsOf(outcomes)).toEqual(['Rain']);
    expect(outcomes[0].position).toMatchObject({ line: 2, offset: 7 });
  });

  it('says in which line a row has other columns, and reads the other sentences', async () => {
    const outcomes = await readStream('Rain\n\nAda\nZoë PER\n\nMalmo\n', { from });
    expect(textsOf(outcomes)).toEqual(['Rain', 'Malmo']);
    expect(problemsOf(outcomes)).toEqual([
      expect.stringMatching(/^-:4:5: ragged row\n {2}expected: 1 columns \(word\), separator whitespace\n/),
    ]);
  });

  it('loses a sentence alone that is too long', () => {
    const cutter = conll.cutter({ comments: false } as never, { ...limits, record: 10 });
    const pieces = [
      ...cutter.push(Buffer.from('a\nb\n\nsix\nsix\nsix\nlonger than ten\n\nc\n')),
      ...cutter.end(),
    ];
    expect(pieces).toMatchObject([
      { line: 0, bytes: Buffer.from('a\nb') },
      { line: 3, offset: 5, problem: { message: 'the record is too long' } },
      { line: 8, bytes: Buffer.from('c') },
    ]);
  });
});

it('options of CoNLL are checked', async () => {
  for (const [options, message] of [
    [{ columns: ['pos'] }, /columns: one column is `word`/],
    [{ columns: ['word', 'a', 'a'] }, /columns: no two columns have the same name/],
    [{ separator: '\n' }, /separator: a separator is not a line end/],
    [{ offsets: 'bytes' }, /offsets: /],
    [{ colums: ['word'] }, /colums/],
  ] as const) {
    await expect(readStream('', { from, ...options } as never)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(message),
    });
  }
});
