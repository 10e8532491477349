import { describe, expect, it } from 'vitest';
import { openFormat } from '../../src/corpus/index.js';
import { errorOf, read, readerConformance, sentencesOf } from '../conformance/reader.js';

const row = (id: string, form: string, misc = '_', upos = 'X') =>
  [id, form, form.toLowerCase(), upos, '_', '_', '0', 'root', '_', misc].join('\t');
const file = (...rows: string[]) => `${rows.join('\n')}\n\n`;

readerConformance('conllu', {
  format: { format: 'conllu' },
  sample:
    file(
      '# newdoc id = one',
      '# text = I don’t.',
      row('1', 'I'),
      row('2-3', 'don’t', 'SpaceAfter=No'),
    ).trimEnd() +
    file('', row('2', 'do'), row('3', 'n’t'), row('3.1', 'go'), row('3.2', 'there'), row('4', '.')) +
    file(
      '# sent_id = 2',
      row('0.1', 'x'),
      row('1', '10 000'),
      row('2', 'Ok', 'A=b|SpaceAfter=No'),
      row('3', '!'),
    ) +
    file('# newdoc', row('1', 'Bye')),
  words: [
    [
      ['I', 'do', 'n’t', '.'],
      ['10 000', 'Ok', '!'],
    ],
    [['Bye']],
  ],
  faults: [
    { what: 'a ragged row', text: file(row('1', 'a'), '2\tb'), line: 2, column: 4, message: /^ragged row$/ },
    {
      what: 'a row too long',
      text: file(`${row('1', 'a')}\tx`),
      line: 1,
      column: 24,
      message: /^ragged row$/,
    },
    { what: 'an empty word', text: file(row('1', '')), line: 1, column: 3, message: /^empty word$/ },
    { what: 'a text for an id', text: file(row('a', 'b')), line: 1, column: 1, message: /no id$/ },
    {
      what: 'an id twice',
      text: file(row('1', 'a'), row('1', 'b')),
      line: 2,
      column: 1,
      message: /out of order/,
    },
    {
      what: 'a first id that is not 1',
      text: file(row('2', 'a')),
      line: 1,
      column: 1,
      message: /out of order/,
    },
    {
      what: 'a missing row',
      text: file(row('1', 'a'), row('3', 'b'), row('4', 'c')),
      line: 2,
      column: 1,
      message: /order/,
    },
    {
      what: 'a missing blank line',
      text: file(row('1', 'a'), '# newdoc', row('1', 'b')),
      line: 3,
      column: 1,
      message: /out of order/,
    },
    {
      what: 'a range without its tokens',
      text: file(row('1-3', 'abc'), row('1', 'a'), row('2', 'b')),
      line: 1,
      column: 1,
      message: /^range 1-3 without all of its words$/,
    },
    {
      what: 'a range backwards',
      text: file(row('1', 'a'), row('2-1', 'b')),
      line: 2,
      column: 1,
      message: /order/,
    },
    {
      what: 'a range inside a range',
      text: file(row('1-2', 'ab'), row('1', 'a'), row('2-3', 'b'), row('2', 'b'), row('3', 'c')),
      line: 3,
      column: 1,
      message: /out of order/,
    },
    {
      what: 'an empty node too far',
      text: file(row('1', 'a'), row('2.1', 'b')),
      line: 2,
      column: 1,
      message: /order/,
    },
  ],
  random: ({ below, pick, some, word }) => {
    const eol = pick(['\n', '\r\n']);
    const form = () => pick([word(), `${word()} ${word()}`]);
    const misc = () => pick(['_', 'SpaceAfter=No', `A=${word()}|SpaceAfter=No`]);
    const comment = () =>
      pick(['# newdoc', `# newdoc id = ${word()}`, '# newpar', `# text = ${word()}`, '#']) + eol;
    const sentence = () => {
      let next = 1;
      const words = some(1, 5, () => {
        const range = below(4) === 0 ? row(`${next}-${next + 1}`, form(), misc()) + eol : '';
        const own = row(`${next++}`, form(), misc()) + eol;
        const node = some(0, 1, () => row(`${next - 1}.1`, form()) + eol);
        return range ? range + own + row(`${next++}`, form(), misc()) + eol : own + node;
      });
      return some(0, 4, comment) + words + some(1, 3, () => eol);
    };
    return some(0, 1, () => '\uFEFF') + some(1, 6, sentence) + row('1', 'end');
  },
});

describe('conllu', () => {
  const format = openFormat({ format: 'conllu' });
  const textOf = (...rows: string[]) => read(format, file(...rows)).documents.map(({ text }) => text);

  it('puts spaces as SpaceAfter says, also between sentences', () => {
    const first = file(row('1', 'Stop', 'SpaceAfter=No'), row('2', '!', 'SpaceAfter=No'));
    expect(read(format, first + file(row('1', 'Go'), row('2', 'on'))).documents[0].text).toBe('Stop!Go on');
  });

  it('spells a range with its words and takes the space after it from its row', () => {
    const rows = [row('1-2', 'don’t', 'SpaceAfter=No'), row('1', 'do'), row('2', 'n’t'), row('3', '.')];
    expect(textOf(...rows)).toEqual(['don’t.']);
  });

  it('separates the words of a range that they do not spell', () => {
    expect(textOf(row('1-2', 'zum'), row('1', 'zu'), row('2', 'dem'), row('3', 'See'))).toEqual([
      'zu dem See',
    ]);
  });

  it('begins a line at a new paragraph and a text at a new document', () => {
    const text =
      file(row('1', 'a')) + file('# newpar', row('1', 'b')) + file('# newdoc id = x y', row('1', 'c'));
    const { documents } = read(format, text);
    expect(documents.map((d) => [d.id, d.text])).toEqual([
      ['sample#1', 'a\nb'],
      ['x y', 'c'],
    ]);
  });

  it('keeps ranges, empty nodes and comments out of the sentences', () => {
    const [sentence] = sentencesOf(read(format, file('# c', row('1', 'a'), row('1.1', 'e'), row('2', 'b'))));
    expect(sentence.tokens.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(sentence.columns?.upos).toEqual(['X', 'X']);
  });

  it('writes SpaceAfter from the offsets of documents that were not read', () => {
    const tokens = [
      { text: 'Stop', start: 0, end: 4 },
      { text: '!', start: 4, end: 5 },
    ];
    const document = {
      id: 'mail',
      text: 'Stop!',
      sentences: [{ tokens, columns: { upos: ['VERB', 'PUNCT'] } }],
    };
    expect(format.write({ name: 'made', documents: [document] })).toBe(
      '# newdoc id = mail\n# text = Stop!\n1\tStop\t_\tVERB\t_\t_\t_\t_\t_\tSpaceAfter=No\n2\t!\t_\tPUNCT\t_\t_\t_\t_\t_\t_\n\n',
    );
  });

  it('reports a ragged row once, not the row after it too', () => {
    const error = errorOf(() => read(format, file(row('1', 'a'), '2\tb', row('3', 'c'))));
    expect(error.problems).toMatchObject([{ message: 'ragged row' }]);
  });

  it('reports a missing row once, not for every row after it', () => {
    const rows = ['1', '2', '4', '5', '6'].map((id) => row(id, 'w'));
    expect(errorOf(() => read(format, file(...rows))).problems).toHaveLength(1);
  });
});
