import { describe, expect, it } from 'vitest';
import { limits } from '../../src/annotation/sources/kind.js';
import { lines } from '../../src/annotation/sources/lines.js';
import { text } from '../../src/annotation/sources/text.js';
import { idsOf, readStream, sourceConformance, textsOf } from '../conformance/source.js';

const sample = 'Zoë met Ada.\n\nThe café in Lindby 😂\nis closed.\n';

sourceConformance('text', {
  options: { from: 'text' },
  ending: '.txt',
  sample,
  texts: [sample],
  withReturns: (whole) => whole.replaceAll('\n', '\r\n'),
});

sourceConformance('lines', {
  options: { from: 'lines' },
  ending: '.txt',
  sample,
  texts: ['Zoë met Ada.', '', 'The café in Lindby 😂', 'is closed.'],
});

const settings = { columns: ['word'], comments: false } as never;
const small = { ...limits, record: 8 };

describe('text', () => {
  it('is one document a file, called by its path, and stdin one called -', async () => {
    expect(idsOf(await readStream('Hello.', {}))).toEqual(['-']);
  });

  it('is lost when it is longer than what is held in memory', () => {
    const cutter = text.cutter(settings, small);
    expect([...cutter.push(Buffer.from('12345678'))]).toEqual([]);
    expect([...cutter.push(Buffer.from('9'))]).toEqual([]);
    expect([...cutter.end()]).toMatchObject([
      { offset: 0, line: 0, problem: { message: 'the record is too long' } },
    ]);
  });
});

describe('lines', () => {
  it('are a document each, empty ones too, so that a line in gives a line out', async () => {
    const outcomes = await readStream('one\n\n  \nfour', { from: 'lines' });
    expect(textsOf(outcomes)).toEqual(['one', '', '  ', 'four']);
    expect(idsOf(outcomes)).toEqual(['-#1', '-#2', '-#3', '-#4']);
  });

  it('keep NUL, carriage returns inside and white space at both ends', async () => {
    expect(textsOf(await readStream(' a\0b \nc\rd\u00A0\n', { from: 'lines' }))).toEqual([
      ' a\0b ',
      'c\rd\u00A0',
    ]);
  });

  it('of ten million characters are read whole', async () => {
    const long = 'ab 😂 '.repeat(1_700_000);
    const outcomes = await readStream(`first\n${long}\nlast\n`, { from: 'lines' }, () => 65_536);
    expect(textsOf(outcomes).map((line) => line.length)).toEqual([5, long.length, 4]);
    expect(textsOf(outcomes)[1]).toBe(long);
  });

  it('that are too long are lost alone', () => {
    const cutter = lines.cutter(settings, small);
    const pieces = [...cutter.push(Buffer.from('one\nmuch too long\n1234567\nend')), ...cutter.end()];
    expect(
      pieces.map((piece) => ('bytes' in piece ? Buffer.from(piece.bytes).toString() : piece.problem.message)),
    ).toEqual(['one', 'the record is too long', '1234567', 'end']);
    expect(pieces.map(({ offset, line }) => [offset, line])).toEqual([
      [0, 0],
      [4, 1],
      [18, 2],
      [26, 3],
    ]);
  });
});
