import { writeToString } from 'fast-csv';
import { describe, expect, it } from 'vitest';
import { csv } from '../../src/annotation/sources/csv.js';
import { type Cutter, limits, type Piece } from '../../src/annotation/sources/kind.js';
import { idsOf, problemsOf, readStream, seed, sourceConformance, textsOf } from '../conformance/source.js';
import { randomNumbers } from '../text/random-spans.js';
import { randomText } from './random-text.js';

const from = 'csv' as const;

sourceConformance('csv', {
  options: { from },
  ending: '.csv',
  sample: [
    'id,text,"a, ""b""\nand c"',
    'a,Zoë met Ada.,1',
    '',
    '"b","Rain, ""all"" day\n\n😂\n","x"',
    'c,5" of snow,',
    '"d",,"two\nlines"',
    'e,é,y',
    '',
  ].join('\n'),
  texts: ['Zoë met Ada.', 'Rain, "all" day\n\n😂\n', '5" of snow', '', 'é'],
  withReturns: (text) => text.replaceAll('\n', '\r\n'),
});

sourceConformance('tsv', {
  options: { from: 'tsv', textField: 'body' },
  ending: '.tsv',
  sample: 'body\tid\nZoë met Ada.\t1\n"Rain\tall\nday"\t2\n\t\na, "b"\t4\né\t5\n',
  texts: ['Zoë met Ada.', 'Rain\tall\nday', '', 'a, "b"', 'é'],
  withReturns: (text) => text.replaceAll('\n', '\r\n'),
});

const documents = async (text: string, options = {}) =>
  (await readStream(text, { from, ...options })).map(({ document }) => document);

describe('CSV', () => {
  it('gives the columns of other names as fields, and ids as they are', async () => {
    expect(await documents('text,id,date\nHello.,7,1.1.\nBye.,,2.1.\n')).toEqual([
      { id: '7', text: 'Hello.', sentences: [], fields: { date: '1.1.' } },
      { id: '-#2', text: 'Bye.', sentences: [], fields: { date: '2.1.' } },
    ]);
  });

  it('leaves columns without a name out, of which there may be several', async () => {
    expect(await documents(',text,,x\n0,Hello.,,1\n')).toMatchObject([
      { text: 'Hello.', fields: { x: '1' } },
    ]);
  });

  it('says which cells are too few or too many, and reads the other rows', async () => {
    const outcomes = await readStream('id,text,x\na,one\nb,two,,3,4\nc,"three\nlines",\n', { from });
    expect(textsOf(outcomes)).toEqual(['three\nlines']);
    expect(problemsOf(outcomes)).toEqual([
      '-:2: the row has too few cells\n  expected: 3 cells: id, text, x\n  found: 2 cells, none for x\n' +
        '  try: a cell with a separator or a line end in it needs quotes around it',
      expect.stringMatching(
        /^-:3: the row has too many cells\n.*\n {2}found: 5 cells, the last are \["3","4"\]\n/,
      ),
    ]);
  });

  it('says which column to take where there is no text', async () => {
    const outcomes = await readStream('id,body\na,one\n', { from });
    expect(problemsOf(outcomes)[0]).toMatch(
      /^-:2 text: the record has no text\n.*\n.*\n {2}try: --text-field body$/,
    );
  });

  it('refuses two columns of the same name', async () => {
    const outcomes = await readStream('text,x,x\na,b,c\n', { from });
    expect(problemsOf(outcomes)).toEqual([
      '-:1: two columns have the same name\n  expected: a name of its own for every column\n  found: x',
    ]);
  });

  it('has quotes that are characters like others with quotes: false', async () => {
    const options = { from: 'tsv', quotes: false } as const;
    expect(textsOf(await readStream('id\ttext\n1\t"one\n2\t"two" and\n', options))).toEqual([
      '"one',
      '"two" and',
    ]);
  });

  it('keeps NUL, and white space around the text of a cell', async () => {
    expect(textsOf(await readStream('id,text\n1, a\0b \u00A0\n2," c "\n', { from }))).toEqual([
      ' a\0b \u00A0',
      ' c ',
    ]);
  });

  it('does not take a carriage return for the end of a row', async () => {
    const outcomes = await readStream('id,text\n1,a\rb\n2,c\n', { from });
    expect(problemsOf(outcomes)).toEqual([expect.stringMatching(/^-:2: a carriage return cuts the row\n/)]);
    expect(textsOf(outcomes)).toEqual(['c']);
  });
});

describe('broken quotes', () => {
  it('cost the line in which they are', async () => {
    const rows = [
      'id,text',
      '1,one',
      '2,"two" too',
      '3,"three',
      '4,four',
      '5,"five',
      '6,"six"',
      '7,seven',
      '8,"eight',
    ];
    const outcomes = await readStream(`${rows.join('\n')}\n`, { from });
    expect(idsOf(outcomes)).toEqual(['1', '4', '6', '7']);
    expect(problemsOf(outcomes).map((problem) => problem.split('\n')[0])).toEqual([
      '-:3: a quoted cell goes on after its closing quote',
      '-:4: a quoted cell goes on after its closing quote',
      '-:6: a quoted cell goes on after its closing quote',
      '-:9: a quote is not closed',
    ]);
    expect(problemsOf(outcomes)[3]).toMatch(/found: a row that begins "8,\\"eight\\n"\n {2}try: --no-quotes/);
  });

  it('in the header are said once, for nothing can be read without it', async () => {
    const outcomes = await readStream('id,"text\n1,one\n2,"two"\n', { from });
    expect(problemsOf(outcomes)).toEqual([
      expect.stringMatching(/^-:1: header: a quoted cell goes on after its closing quote\n/),
    ]);
  });

  const cutter = () => csv.cutter({ quotes: true } as never, { ...limits, row: 60, quotation: 30 });
  const show = (piece: Piece) =>
    'bytes' in piece ? Buffer.from(piece.bytes).toString() : `${piece.line}: ${piece.problem.message}`;
  const cut = (cutter: Cutter, text: string) =>
    [...cutter.push(Buffer.from(text)), ...cutter.end()].map(show);

  it('are looked for up to a limit', () => {
    const quotation = '1,"ten chars\nten chars\nchars"';
    expect(quotation).toHaveLength(29);
    expect(cut(cutter(), `id,text\n${quotation}\n2,b\n`)).toEqual([quotation, '2,b']);
    expect(cut(cutter(), `id,text\n${quotation.replace('"', '"12')}\n2,b\n`)).toEqual([
      '1: a quote is not closed',
      'ten chars',
      'chars"',
      '2,b',
    ]);
  });

  it('and rows that are too long are lost alone', () => {
    expect(cut(cutter(), `id,text\n1,${'x'.repeat(60)}\n2,b\n3,"${'y'.repeat(70)}\n4,d`)).toEqual([
      '1: the record is too long',
      '2,b',
      '3: the record is too long',
      '4,d',
    ]);
  });

  it('in every row take no more than linear time', () => {
    // Each row leaves a quotation open, whether one is open before it or not: every row is lost at its own limit.
    const row = '5","x\n';
    const count = 200_000;
    const one = csv.cutter({ quotes: true } as never, limits);
    let lost = 0;
    for (const piece of one.push(Buffer.from('id,text\n'))) expect(piece).toBeUndefined();
    for (const _ of one.push(Buffer.from(row.repeat(count)))) lost++;
    for (const _ of one.end()) lost++;
    expect(lost).toBe(count);
  });
});

it('rows that fast-csv writes come back as they were, wherever chunks end', async () => {
  for (let run = 0; run < 60; run++) {
    const random = randomNumbers(seed * 1000 + run);
    const rows = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, i) => ({
      id: `i${i}`,
      // fast-csv does not write NUL, though it reads it.
      text: randomText(random, 20, false).replaceAll('\0', ''),
      note: randomText(random, 6, false).replaceAll('\0', ''),
    }));
    const written = await writeToString(rows, {
      headers: true,
      quoteColumns: random() < 0.5,
    });
    const outcomes = await readStream(written, { from }, () => 1 + Math.floor(random() * 9));
    expect(
      outcomes.map(({ document }) => document),
      `seed ${seed}, run ${run}:\n${written}`,
    ).toEqual(rows.map(({ id, text, note }) => ({ id, text, sentences: [], fields: { note } })));
  }
});

it('random bytes lose no row that stands between whole rows for long', async () => {
  // Whatever quotes a bad line has, the rows after the next closed quotation are read.
  for (let run = 0; run < 100; run++) {
    const random = randomNumbers(seed * 1000 + run);
    const bad = Array.from(
      { length: 1 + Math.floor(random() * 8) },
      () => 'ab,"" \n'[Math.floor(random() * 7)],
    ).join('');
    const good = ['9,good', '9,"good"', '9,"go\nod"'];
    const text = `id,text\n${good.join('\n')}\n${bad}\n${good.join('\n')}\n`;
    const outcomes = await readStream(text, { from });
    const what = `seed ${seed}, run ${run}: ${JSON.stringify(bad)}`;
    expect(textsOf(outcomes).slice(0, 3), what).toEqual(['good', 'good', 'go\nod']);
    expect(textsOf(outcomes).at(-1), what).toBe('go\nod');
    // Every byte is in a record, or in a line that is reported.
    expect(outcomes.length, what).toBeGreaterThanOrEqual(6);
  }
});
