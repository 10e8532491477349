import { describe, expect, it } from 'vitest';
import { openFormat } from '../../src/corpus/index.js';
import { errorOf, read, readerConformance, sentencesOf, wordsOf } from '../conformance/reader.js';

const columns = ['word', 'pos', 'chunk', 'ner'];

readerConformance('conll, runs of white space', {
  format: { format: 'conll', columns, separator: 'whitespace', comments: false },
  sample: `-DOCSTART- -X- O O

EU NNP B-NP B-ORG
rejects  VBZ \t B-VP   O

# NN B-NP O
10\u00A0000 CD I-NP O

-DOCSTART- -X- O O

Peter NNP B-NP B-PER

`,
  words: [
    [
      ['EU', 'rejects'],
      ['#', '10\u00A0000'],
    ],
    [['Peter']],
  ],
  faults: [
    { what: 'a ragged row', text: 'a b c d\nlone\n\n', line: 2, column: 5, message: /^ragged row$/ },
    { what: 'a row too long', text: 'a b c d e f\n', line: 1, column: 9, message: /^ragged row$/ },
    {
      what: 'a row with Windows line ends',
      text: 'a b c d\r\nx y\r\n',
      line: 2,
      column: 4,
      message: /^ragged/,
    },
  ],
  random: ({ pick, some, word }) => {
    const eol = pick(['\n', '\r\n']);
    const blank = () => some(0, 2, () => pick(['', ' ', '\t'])) + pick(['\n', '\r\n']);
    const space = () => some(1, 3, () => pick([' ', '\t']));
    const row = () =>
      some(0, 1, space) + [word(), word(), word(), word()].join(space()) + some(0, 1, space) + eol;
    const sentence = () => some(1, 4, row) + some(1, 3, blank);
    const document = () => `-DOCSTART-${some(0, 3, () => ' -X-')}${eol}${some(0, 3, sentence)}`;
    const last = [word(), 'A', 'B', 'C'].join(space());
    return (
      some(0, 1, () => '\uFEFF') + some(0, 2, blank) + some(0, 3, sentence) + some(0, 3, document) + last
    );
  },
});

readerConformance('conll, tabs, ignored columns and comments', {
  format: { format: 'conll', columns: ['_', 'ner', 'word', null], separator: 'tab', comments: true },
  sample: '# id 1\n1\tO\tNew York\t\n2\tB-LOC\tcity\tx y\n# inside\n3\tO\t.\t.\n\n1\tO\t#tag\tx\n',
  words: [[['New York', 'city', '.'], ['#tag']]],
  faults: [
    { what: 'an empty word', text: '1\tO\t\tx\n', line: 1, column: 5, message: /^empty word$/ },
    { what: 'an empty tag', text: '1\tO\ta\tx\n1\t\ta\tx\n', line: 2, column: 3, message: /^empty ner$/ },
    { what: 'a ragged row', text: '1\tO\ta\n', line: 1, column: 6, message: /^ragged row$/ },
    { what: 'a tab too many', text: '1\tO\ta\tx\t\n', line: 1, column: 9, message: /^ragged row$/ },
  ],
  random: ({ pick, some, word, below }) => {
    const cell = () => some(1, 3, () => pick([word(), `${word()} ${word()}`]));
    const row = () => [some(0, 1, word), cell(), cell(), some(0, 1, word)].join('\t');
    const line = () => pick([row(), row(), row(), `# ${word()}\t${word()}`, '', '\t', '-DOCSTART-\tO']);
    return `${some(1, 20, () => line() + pick(['\n', '\n', '\r\n']))}1\tO\tend\t${below(9)}${some(0, 1, () => '\n')}`;
  },
});

readerConformance('conll, a separator of its own', {
  format: { format: 'conll', columns: ['word', 'ner'], separator: ' ||| ', comments: false },
  sample: 'New York ||| B-LOC\n| ||| O\n\nend ||| O\n',
  words: [[['New York', '|'], ['end']]],
  faults: [
    { what: 'a ragged row', text: 'a || b\n', line: 1, column: 7, message: /^ragged row$/ },
    { what: 'an empty tag', text: 'a ||| \n', line: 1, column: 7, message: /^empty ner$/ },
  ],
  random: ({ some, word, pick }) =>
    some(1, 9, () => `${word()} ||| ${word()}${pick(['\n', '\n\n', '\r\n'])}`),
});

describe('conll', () => {
  const twoColumns = (separator: string) =>
    openFormat({ format: 'conll', columns: ['word', 'ner'], separator, comments: false });

  it('gives columns by name and joins words with spaces, sentences with line ends', () => {
    const format = openFormat({ format: 'conll', columns, separator: 'space', comments: false });
    const file = read(format, 'EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n');
    expect(file.documents[0].text).toBe('EU rejects\nPeter');
    expect(sentencesOf(file)[0].columns).toEqual({
      pos: ['NNP', 'VBZ'],
      chunk: ['B-NP', 'B-VP'],
      ner: ['B-ORG', 'O'],
    });
  });

  it('takes lines that begin with # as data unless told otherwise', () => {
    expect(wordsOf(read(twoColumns('tab'), '#photography\tO\n#\tO\n'))).toEqual([[['#photography', '#']]]);
  });

  it('takes a line with nothing but a tab as the end of a sentence, as in WNUT-17', () => {
    expect(wordsOf(read(twoColumns('tab'), 'a\tO\n\t\nb\tO\n'))).toEqual([[['a'], ['b']]]);
  });

  it('begins a document at -DOCSTART- even where no blank line stands before it', () => {
    const file = read(twoColumns('tab'), 'a\tO\n-DOCSTART- -X- O O\nb\tO\n');
    expect(file.documents.map(({ id }) => id)).toEqual(['sample#1', 'sample#2']);
  });

  it('writes several documents with -DOCSTART- between them', () => {
    const format = twoColumns('tab');
    const { documents } = read(format, '-DOCSTART-\n\na\tO\n\n-DOCSTART-\n\nb\tO\n');
    expect(format.write({ name: 'made', documents })).toBe(
      '-DOCSTART-\tO\n\na\tO\n\n-DOCSTART-\tO\n\nb\tO\n\n',
    );
  });

  it('fills ignored columns when it writes documents that were not read', () => {
    const format = openFormat({
      format: 'conll',
      columns: [null, 'word', '_', '_', 'ner', null],
      separator: 'space',
      comments: false,
    });
    const { documents } = read(format, '1 a x y O z\n2 b x y O z\n');
    expect(format.write({ name: 'made', documents })).toBe('_ a _ _ O _\n_ b _ _ O _\n\n');
  });

  it('suggests the separator with which a ragged row would be whole', () => {
    const error = errorOf(() => read(twoColumns('space'), 'a\tO\n'));
    expect(error.problems[0].hint).toMatch(/^separator: (whitespace|tab)/);
  });

  it('goes on after a ragged row and finds the next', () => {
    const error = errorOf(() => read(twoColumns('tab'), 'a\tO\nb\nc\tO\n\nd\n'));
    expect(error.problems.map(({ place }) => place?.line)).toEqual([2, 5]);
  });
});
