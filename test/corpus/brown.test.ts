import { describe, expect, it } from 'vitest';
import { openFormat } from '../../src/corpus/index.js';
import { read, readerConformance, sentencesOf, wordsOf } from '../conformance/reader.js';

readerConformance('brown', {
  format: { format: 'brown' },
  sample: '\n\n\tThe/at jury/nn  said/vbd ./. \n\n\n1/2/cd //in ``/``\n',
  words: [
    [
      ['The', 'jury', 'said', '.'],
      ['1/2', '/', '``'],
    ],
  ],
  faults: [
    { what: 'a word without tag', text: '\ta/b c d/e\n', line: 1, column: 6, message: /^no tag$/ },
    { what: 'an empty word', text: 'a/b\n/nn\n', line: 2, column: 1, message: /^empty word$/ },
    { what: 'an empty tag', text: 'a/b c/\n', line: 1, column: 5, message: /^empty tag$/ },
  ],
  random: ({ pick, some, word }) => {
    const space = () => some(1, 3, () => pick([' ', '\t']));
    const tag = () => word().replaceAll('/', '');
    const line = () =>
      some(0, 1, space) + some(0, 5, () => `${word()}/${tag()}${space()}`) + pick(['\n', '\r\n']);
    return `${some(0, 9, line)}end/nn${some(0, 1, () => '\n')}`;
  },
});

describe('brown', () => {
  const format = openFormat({ format: 'brown' });

  it('splits at the last slash', () => {
    const file = read(format, '1/2/cd //in\n');
    expect(wordsOf(file)).toEqual([[['1/2', '/']]]);
    expect(sentencesOf(file)[0].columns).toEqual({ pos: ['cd', 'in'] });
  });

  it('makes one document of a file, named after it', () => {
    const { documents } = format.read({ name: '/brown/ca01', text: 'a/at b/nn\nc/at\n' });
    expect(documents.map(({ id, text }) => [id, text])).toEqual([['ca01', 'a b\nc']]);
  });
});
