import { describe, expect, it } from 'vitest';
import { openPairs } from '../../../src/corpus/standoff/index.js';
import {
  errorOf,
  labelsAsEntities,
  problemsOf,
  readAs,
  standoffConformance,
  withoutTokens,
} from '../../conformance/standoff.js';

standoffConformance({
  name: 'brat',
  unit: 'codepoint',
  holds: ({ fields: _, ...document }) => withoutTokens(document),
  holdsLone: false,
  holdsLabels: ({ fields: _, ...document }) =>
    withoutTokens(labelsAsEntities(document, 'pos', { scores: false })),
  file: (text, entities) => ({
    name: 'one.txt',
    text,
    beside: entities
      .map(({ label, start, end, text = '' }, i) => `T${i + 1}\t${label} ${start} ${end}\t${text}\n`)
      .join(''),
  }),
  place: { file: 'one.ann', line: 1, record: 'T1' },
  storesTexts: true,
});

const format = openPairs('brat');
const read = (text: string, ...lines: string[]) =>
  readAs('brat', { name: 'folder/a.txt', text, beside: lines.join('\n') });
const place = (line: number, record: string) => ({ file: 'folder/a.ann', line, record });

describe('brat', () => {
  it('writes entities over line ends and tabs in fragments, as brat does', () => {
    const text = 'in New\r\n York, Den\tHaag';
    const entities = [
      { label: 'PLACE', start: 3, end: 13, text: 'New\r\n York' },
      { label: 'PLACE', start: 15, end: 23, text: 'Den\tHaag' },
    ];
    const files = format.files({ id: 'a', text, sentences: [], entities });
    expect([...files]).toEqual([
      ['.txt', text],
      ['.ann', 'T1\tPLACE 3 6;9 13\tNew York\nT2\tPLACE 15 18;19 23\tDen Haag\n'],
    ]);
  });

  it('is read from either of its two files', () => {
    const beside = 'T1\tPER 0 3\tAda\n';
    const [given, swapped] = [
      format.read({ name: 'a.txt', text: 'Ada left', beside }),
      format.read({ name: 'a.ann', text: beside, beside: 'Ada left' }),
    ];
    expect(swapped.documents).toEqual(given.documents);
    expect(given.documents).toEqual([
      {
        id: 'a',
        text: 'Ada left',
        sentences: [],
        entities: [{ label: 'PER', start: 0, end: 3, text: 'Ada' }],
      },
    ]);
    expect([given.name, swapped.name]).toEqual(['a.txt', 'a.ann']);
    expect(given.places).toEqual([{ file: 'a.txt' }]);
  });

  it('knows the file beside each', () => {
    expect(['x/a.txt', 'x/a.ann', 'x/a.json'].map(format.beside)).toEqual(['x/a.ann', 'x/a.txt', undefined]);
  });

  it('reports what is no entity, and goes on', () => {
    const lines = [
      'T1\tPER 0 3\tAda',
      'E1\tBirth:T1 Who:T1',
      'R1\tKnows Arg1:T1 Arg2:T1',
      '*\tEquiv T1 T1',
      'A1\tSure T1',
      'M1\tSure T1',
      'N1\tReference T1 Wiki:7259\tAda Lovelace',
      '#1\tAnnotatorNotes T1\tthe first',
    ];
    const { documents, ignored } = read('Ada left', ...lines);
    expect(documents[0].entities).toHaveLength(1);
    const kinds = ['event', 'relation', 'equivalence', 'attribute', 'attribute', 'normalization', 'note'];
    expect(ignored).toEqual(
      kinds.map((what, i) => ({
        what,
        place: place(i + 2, lines[i + 1].split('\t')[0]),
        found: lines[i + 1],
      })),
    );
  });

  it('reports entities that are no one stretch of the text', () => {
    const line = 'T1\tPART 0 4;15 19\tleft hand';
    const { documents, ignored } = read('left and right hand', line, 'T2\tPART 9 14\tright');
    expect(documents[0].entities).toEqual([{ label: 'PART', start: 9, end: 14, text: 'right' }]);
    expect(ignored).toEqual([{ what: 'discontinuous entity', place: place(1, 'T1'), found: line }]);
  });

  it('joins fragments in order that have nothing but white space between them', () => {
    const [{ entities }] = read('New \n York', 'T1\tPLACE 0 3;6 10\tNew York').documents;
    expect(entities).toEqual([{ label: 'PLACE', start: 0, end: 10, text: 'New \n York' }]);
    const { documents, ignored } = read('New York', 'T1\tPLACE 4 8;0 3\tYork New');
    expect(documents[0].entities).toEqual([]);
    expect(ignored).toMatchObject([{ what: 'discontinuous entity' }]);
  });

  it('checks the text of fragments with white space as one space', () => {
    expect(problemsOf(() => read('New\nYork', 'T1\tPLACE 0 3;4 8\tNew Yorc'))).toMatchObject([
      { place: place(1, 'T1'), expected: '"New Yorc"', found: '"New\\nYork" at 0 to 8' },
    ]);
  });

  it('cuts entities at whatever Python calls the end of a line', () => {
    const text = 'a\vb \u2028c';
    const document = { id: 'a', text, sentences: [], entities: [{ label: 'X', start: 0, end: 6, text }] };
    const files = format.files(document);
    expect(files.get('.ann')).toBe('T1\tX 0 1;2 3;5 6\ta b c\n');
    expect(format.read({ name: 'a.txt', text, beside: files.get('.ann') }).documents).toEqual([document]);
  });

  it('takes an annotation without a text, Windows line ends and blank lines', () => {
    const { documents } = read('Ada left\r\nBern', '\ufeffT1\tPER 0 3\r\n\r\nT2\tPLACE 10 14\tBern\r');
    expect(documents[0].entities?.map(({ text }) => text)).toEqual(['Ada', 'Bern']);
  });

  it('says where a line is no annotation, in order with other problems', () => {
    const lines = ['T1\tPER 0 9\tAda', 'T2 PER 0 3 Ada', 'T3\tPER 0\tAda', 'what', 'T4\tPER 2 9\t'];
    const no = (line: number) => ({
      message: 'no annotation',
      place: { file: 'folder/a.ann', line, column: 1 },
      expected: 'T1, a tab, label start end, a tab, the text; or a line of another kind',
    });
    expect(problemsOf(() => read('Ada', ...lines))).toMatchObject([
      { place: place(1, 'T1') },
      { ...no(2), found: '"T2 PER 0 3 Ada"' },
      { ...no(3), found: '"T3\\tPER 0\\tAda"' },
      { ...no(4), found: '"what"' },
      { place: place(5, 'T4') },
    ]);
  });

  it('says which of its two files is missing, and which file is neither', () => {
    expect(problemsOf(() => format.read({ name: 'a.txt', text: 'Ada' }))).toMatchObject([
      { message: 'the file beside it is missing', place: { file: 'a.txt' }, expected: 'a.ann' },
    ]);
    expect(problemsOf(() => format.read({ name: 'a.xml', text: 'Ada', beside: '' }))).toMatchObject([
      { place: { file: 'a.xml' }, expected: 'a name in .txt or .ann' },
    ]);
  });

  for (const [what, label, start, end] of [
    ['whose label has white space', 'a place', 0, 3],
    ['that begins with a line break', 'PLACE', 3, 6],
    ['that ends with a line break', 'PLACE', 0, 4],
  ] as const) {
    it(`refuses to write an entity ${what}`, () => {
      const text = 'Ada\nBo';
      const entities = [{ label, start, end, text: text.slice(start, end) }];
      const error = errorOf(() => format.files({ id: 'a', text, sentences: [], entities }));
      expect(error).toMatchObject({ code: 'E_DOCUMENT', problems: [{ place: { record: 'a' } }] });
      expect(error.message).toContain(`"${label}"`);
    });
  }
});
