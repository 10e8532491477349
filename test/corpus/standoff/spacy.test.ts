import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../src/corpus/standoff/index.js';
import type { Document } from '../../../src/text/document.js';
import { errorOf, problemsOf, readAs, roundTrip, standoffConformance } from '../../conformance/standoff.js';

/** Without scores, for which `ents` and `tokens` have no place. */
const withoutScores = ({ sentences, ...document }: Document): Document => ({
  ...document,
  sentences: sentences.map(({ scores: _, ...sentence }) => sentence),
});

standoffConformance({
  name: 'spacy',
  unit: 'codepoint',
  holds: withoutScores,
  holdsLone: false,
  holdsLabels: withoutScores,
  file: (text, ents) => ({ name: 'one.jsonl', text: JSON.stringify({ text, ents }) }),
  place: { file: 'one.jsonl', line: 1 },
  storesTexts: true,
});

const read = (record: unknown, options = {}) =>
  readAs('spacy', { name: 'a.jsonl', text: JSON.stringify(record) }, options).documents[0];

describe('spaCy', () => {
  const text = '😀 Ada  left.\nBob';
  const token = (start: number, end: number) => ({ text: text.slice(start, end), start, end });
  const sentences = [
    { tokens: [token(0, 2), token(3, 6), token(8, 12), token(12, 13)] },
    { tokens: [token(14, 17)] },
  ];
  const entities = [{ label: 'PER', ...token(3, 6) }];

  it('writes what Doc.from_json takes: tokens that make up the text, in sentences that do', () => {
    expect(JSON.parse(openRecords('spacy').write({ id: 'a', text, sentences, entities }))).toEqual({
      text,
      ents: [{ start: 2, end: 5, label: 'PER' }],
      sents: [
        { start: 0, end: 13 },
        { start: 13, end: 16 },
      ],
      tokens: [
        { id: 0, start: 0, end: 1 },
        { id: 1, start: 2, end: 5 },
        { id: 2, start: 6, end: 7 },
        { id: 3, start: 7, end: 11 },
        { id: 4, start: 11, end: 12 },
        { id: 5, start: 12, end: 13 },
        { id: 6, start: 13, end: 16 },
      ],
      id: 'a',
    });
  });

  const tagged = (...tags: string[]) => ({
    id: 'a',
    text: 'Ada  left',
    sentences: [
      {
        tokens: [
          { text: 'Ada', start: 0, end: 3 },
          { text: 'left', start: 5, end: 9 },
        ],
        columns: { pos: tags },
      },
    ],
  });

  it('writes labels of tokens as tags, and as parts of speech where spaCy knows all of them', () => {
    const format = openRecords('spacy', { label: 'pos', scheme: 'none' });
    const tokens = (...tags: string[]) => JSON.parse(format.write(tagged(...tags))).tokens;
    expect(tokens('PROPN', 'VERB')).toEqual([
      { id: 0, start: 0, end: 3, tag: 'PROPN', pos: 'PROPN' },
      { id: 1, start: 4, end: 5, tag: '_SP', pos: 'SPACE' },
      { id: 2, start: 5, end: 9, tag: 'VERB', pos: 'VERB' },
    ]);
    expect(tokens('NNP', 'VERB')).toEqual([
      { id: 0, start: 0, end: 3, tag: 'NNP' },
      { id: 1, start: 4, end: 5, tag: '_SP' },
      { id: 2, start: 5, end: 9, tag: 'VERB' },
    ]);
  });

  it('does not take tags of spans for tags of spaCy', () => {
    const format = openRecords('spacy', { label: 'pos' });
    expect(JSON.parse(format.write(tagged('S-PER', 'O'))).tokens[0]).toEqual({ id: 0, start: 0, end: 3 });
  });

  it('reads parts of speech for a column of that name, else tags', () => {
    const record = {
      text: 'Ada',
      tokens: [{ id: 0, start: 0, end: 3, tag: 'NNP', pos: 'PROPN', lemma: 'Ada' }],
    };
    const columns = (label: string) => read(record, { label }).sentences[0].columns;
    expect(columns('upos')).toEqual({ upos: 'PROPN'.split(' ') });
    expect(columns('xpos')).toEqual({ xpos: ['NNP'] });
  });

  it('reads no labels where spaCy has given only some tokens a tag', () => {
    const tokens = [
      { id: 0, start: 0, end: 3, tag: 'NNP' },
      { id: 1, start: 4, end: 8, tag: '' },
    ];
    expect(read({ text: 'Ada left', tokens }).sentences[0]).not.toHaveProperty('columns');
  });

  it('reads all tokens as one sentence where there are none, and leaves out white space', () => {
    const tokens = [
      { id: 0, start: 0, end: 2 },
      { id: 1, start: 2, end: 5 },
      { id: 2, start: 5, end: 6 },
      { id: 3, start: 6, end: 10 },
    ];
    expect(read({ text: '  Ada\u00a0left', tokens }).sentences).toEqual([
      {
        tokens: [
          { text: 'Ada', start: 2, end: 5 },
          { text: 'left', start: 6, end: 10 },
        ],
      },
    ]);
  });

  it('keeps what else a Doc has as fields', () => {
    const fields = { cats: { sad: 0.1 }, _: { x: 1 }, title: 'A' };
    const document = read({ text: 'Ada', ents: [], ...fields });
    expect(document.fields).toEqual(fields);
    expect(JSON.parse(openRecords('spacy').write(document))).toMatchObject(fields);
  });

  it('writes a text without tokens for displaCy alone, but one without words for both', () => {
    const bare = { id: 'a', text: 'Ada', sentences: [], entities: [] };
    const write = (document: Document) => JSON.parse(openRecords('spacy').write(document));
    expect(write(bare)).toEqual({ text: 'Ada', ents: [], id: 'a' });
    expect(write({ ...bare, text: '' })).toEqual({ text: '', ents: [], sents: [], tokens: [], id: 'a' });
    expect(write({ ...bare, text: ' \n' }).tokens).toEqual([{ id: 0, start: 0, end: 2 }]);
  });

  it('refuses to write entities that spaCy cannot hold', () => {
    const overlapping = [...entities, { label: 'X', ...token(3, 12) }];
    const within = [{ label: 'X', ...token(4, 6) }];
    const refused = (entities: Document['entities']) =>
      errorOf(() => roundTrip('spacy', [{ id: 'a', text, sentences, entities }], {}));
    expect(refused(overlapping).message).toMatch(/^a: .* overlap: PER "Ada" and X "Ada {2}left"$/);
    expect(refused(within).message).toMatch(/^a: .* edges of tokens: X "da"$/);
    expect(refused(within).code).toBe('E_DOCUMENT');
  });

  it('says which part of a record has the wrong shape', () => {
    expect(problemsOf(() => read({ text: 'a', ents: [{ start: 0, end: 1 }] }))).toMatchObject([
      { message: 'missing', place: { file: 'a.jsonl', line: 1, key: 'ents.0.label' }, expected: 'string' },
    ]);
  });
});
