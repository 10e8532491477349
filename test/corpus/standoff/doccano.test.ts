import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../src/corpus/standoff/index.js';
import {
  labelsAsEntities,
  problemsOf,
  readAs,
  standoffConformance,
  withoutTokens,
} from '../../conformance/standoff.js';

standoffConformance({
  name: 'doccano',
  unit: 'utf16',
  holds: withoutTokens,
  holdsLone: true,
  holdsLabels: (document) => withoutTokens(labelsAsEntities(document, 'pos', { scores: false })),
  file: (text, entities) => ({
    name: 'one.jsonl',
    text: JSON.stringify({ text, label: entities.map(({ start, end, label }) => [start, end, label]) }),
  }),
  place: { file: 'one.jsonl', line: 1 },
  storesTexts: false,
});

const read = (text: string) => readAs('doccano', { name: 'a.jsonl', text });
const ada = { label: 'PER', start: 0, end: 3, text: 'Ada' };

describe('doccano', () => {
  it('writes what doccano imports, its ids as numbers', () => {
    const document = { id: '7', text: '😀 Ada', sentences: [], entities: [{ ...ada, start: 3, end: 6 }] };
    expect(openRecords('doccano').write({ ...document, fields: { author: 'x' } })).toBe(
      '{"id":7,"text":"😀 Ada","label":[[3,6,"PER"]],"author":"x"}\n',
    );
  });

  it('reads records of projects with relations, which are reported', () => {
    const record = {
      id: 4,
      text: 'Ada left Bern',
      entities: [
        { id: 1, label: 'PLACE', start_offset: 9, end_offset: 13 },
        { id: 0, label: 'PER', start_offset: 0, end_offset: 3 },
      ],
      relations: [{ id: 0, from_id: 0, to_id: 1, type: 'left' }],
      Comments: ['sure?'],
    };
    const { documents, places, ignored } = read(JSON.stringify(record));
    const bern = { label: 'PLACE', start: 9, end: 13, text: 'Bern' };
    const fields = { Comments: ['sure?'] };
    expect(documents).toEqual([{ id: '4', text: record.text, sentences: [], entities: [ada, bern], fields }]);
    expect(places).toEqual([{ file: 'a.jsonl', line: 1, record: '4' }]);
    const found = '{"id":0,"from_id":0,"to_id":1,"type":"left"}';
    expect(ignored).toEqual([{ what: 'relation', place: { file: 'a.jsonl', line: 1 }, found }]);
  });

  it('reads the labels of early versions', () => {
    expect(read('{"text":"Ada","labels":[[0,3,"PER"]],"meta":{}}').documents).toMatchObject([
      { id: 'a.jsonl#1', entities: [ada], fields: { meta: {} } },
    ]);
  });

  it('tells a text without labels from one that nobody has labelled', () => {
    const [none, unlabelled] = read('{"text":"Ada","label":[]}\n{"text":"Bob"}').documents;
    expect(none.entities).toEqual([]);
    expect(unlabelled).toEqual({ id: 'a.jsonl#2', text: 'Bob', sentences: [] });
    const format = openRecords('doccano');
    expect([none, unlabelled].map((document) => format.write(document))).toEqual([
      '{"id":"a.jsonl#1","text":"Ada","label":[]}\n',
      '{"id":"a.jsonl#2","text":"Bob"}\n',
    ]);
  });

  it('says which part of a record has the wrong shape', () => {
    const lines = [
      '{"text":"Ada","label":[[0,"3","PER"]]}',
      '{"label":[]}',
      '{"text":"Ada","label":[[0,3]]}',
      '{"text":"Ada","label":[[0,1.5,"PER"]]}',
      '{"text":"Ada","label":[[0,3,""]]}',
    ];
    expect(problemsOf(() => read(lines.join('\n')))).toMatchObject([
      {
        message: 'wrong type',
        place: { file: 'a.jsonl', line: 1, key: 'label.0.1' },
        expected: 'number',
        found: '"3"',
      },
      {
        message: 'missing',
        place: { file: 'a.jsonl', line: 2, key: 'text' },
        expected: 'string',
        found: 'nothing',
      },
      {
        message: 'too short',
        place: { file: 'a.jsonl', line: 3, key: 'label.0' },
        expected: 'at least 3',
        found: '[0,3]',
      },
      { place: { file: 'a.jsonl', line: 4, key: 'label.0.1' }, expected: 'a whole number', found: '1.5' },
      {
        message: 'too short',
        place: { file: 'a.jsonl', line: 5, key: 'label.0.2' },
        expected: 'at least 1',
        found: '""',
      },
    ]);
  });
});
