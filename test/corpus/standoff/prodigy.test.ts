import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../src/corpus/standoff/index.js';
import {
  inOneSentence,
  labelsAsEntities,
  problemsOf,
  readAs,
  standoffConformance,
} from '../../conformance/standoff.js';

standoffConformance({
  name: 'prodigy',
  unit: 'codepoint',
  holds: inOneSentence,
  holdsLone: true,
  holdsLabels: (document) => inOneSentence(labelsAsEntities(document, 'pos')),
  file: (text, spans) => ({ name: 'one.jsonl', text: JSON.stringify({ text, spans }) }),
  place: { file: 'one.jsonl', line: 1 },
  storesTexts: true,
});

const read = (...records: unknown[]) =>
  readAs('prodigy', { name: 'a.jsonl', text: records.map((record) => JSON.stringify(record)).join('\n') });

describe('Prodigy', () => {
  const text = '😀 Ada\n left.';
  const tokens = [
    { text: 'Ada', start: 3, end: 6 },
    { text: 'left', start: 8, end: 12 },
    { text: '.', start: 12, end: 13 },
  ];
  const entities = [
    { label: 'PER', start: 3, end: 6, text: 'Ada', score: 0.5 },
    { label: 'ODD', start: 9, end: 12, text: 'eft' },
  ];
  const document = { id: 'a', text, sentences: [{ tokens }], entities };
  const record = {
    text,
    id: 'a',
    tokens: [
      { text: '😀 ', start: 0, end: 2, id: 0, ws: false },
      { text: 'Ada', start: 2, end: 5, id: 1, ws: false },
      { text: '\n ', start: 5, end: 7, id: 2, ws: false },
      { text: 'left', start: 7, end: 11, id: 3, ws: false },
      { text: '.', start: 11, end: 12, id: 4, ws: false },
    ],
    spans: [
      { start: 2, end: 5, token_start: 1, token_end: 1, label: 'PER', score: 0.5 },
      { start: 8, end: 11, label: 'ODD' },
    ],
  };

  it('writes spans by their tokens, and tokens of the whole text as spaCy has them', () => {
    expect(JSON.parse(openRecords('prodigy').write(document))).toEqual({ ...record, answer: 'accept' });
  });

  it('has no answer to what was predicted', () => {
    expect(JSON.parse(openRecords('prodigy', { predicted: true }).write(document))).toEqual(record);
  });

  it('counts a space after a token as part of it', () => {
    const words = {
      id: 'a',
      text: 'a  b c',
      sentences: [{ tokens: [0, 3, 5].map((start) => at('a  b c', start)) }],
    };
    expect(JSON.parse(openRecords('prodigy').write(words)).tokens).toEqual([
      { text: 'a', start: 0, end: 1, id: 0, ws: true },
      { text: ' ', start: 2, end: 3, id: 1, ws: false },
      { text: 'b', start: 3, end: 4, id: 2, ws: true },
      { text: 'c', start: 5, end: 6, id: 3, ws: false },
    ]);
  });

  it('keeps hashes and meta as fields', () => {
    const fields = { _input_hash: -5, _task_hash: 7, meta: { source: 'x' } };
    const [back] = read({ text: 'Ada', ...fields, spans: [], answer: 'accept' }).documents;
    expect(back).toMatchObject({ id: 'a.jsonl#1', entities: [], fields });
    expect(JSON.parse(openRecords('prodigy').write(back))).toMatchObject(fields);
  });

  it('leaves out records that were rejected or ignored, and reports them', () => {
    const { documents, places, ignored } = read(
      { text: 'a', answer: 'reject' },
      { text: 'b', answer: 'accept' },
      { text: 'c', answer: 'ignore' },
    );
    expect(documents.map(({ id, text }) => [id, text])).toEqual([['a.jsonl#2', 'b']]);
    expect(places).toEqual([{ file: 'a.jsonl', line: 2 }]);
    expect(ignored).toEqual([
      { what: 'record answered "reject"', place: { file: 'a.jsonl', line: 1 } },
      { what: 'record answered "ignore"', place: { file: 'a.jsonl', line: 3 } },
    ]);
  });

  it('tells an accepted text without spans from one that nobody has answered', () => {
    const { documents } = read({ text: 'a', answer: 'accept' }, { text: 'b' });
    expect(documents.map(({ entities }) => entities)).toEqual([[], undefined]);
  });

  it('says which part of a record has the wrong shape', () => {
    expect(problemsOf(() => read({ text: 'a', spans: [{ start: 0, end: 1 }] }))).toMatchObject([
      { message: 'missing', place: { file: 'a.jsonl', line: 1, key: 'spans.0.label' }, expected: 'string' },
    ]);
  });

  function at(text: string, start: number) {
    return { text: text[start], start, end: start + 1 };
  }
});
