import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../src/corpus/standoff/index.js';
import {
  labelsAsEntities,
  problemsOf,
  readAs,
  roundTrip,
  standoffConformance,
  withoutTokens,
} from '../../conformance/standoff.js';

const region = (start: number, end: number, text: string | undefined, ...labels: string[]) => ({
  from_name: 'label',
  to_name: 'text',
  type: 'labels',
  value: { start, end, text, labels },
});

standoffConformance({
  name: 'label-studio',
  unit: 'codepoint',
  holds: withoutTokens,
  holdsLone: true,
  holdsLabels: (document) => withoutTokens(labelsAsEntities(document, 'pos')),
  file: (text, entities) => {
    const result = entities.map(({ start, end, label, text }) => region(start, end, text, label));
    return { name: 'one.json', text: JSON.stringify([{ data: { text }, annotations: [{ result }] }]) };
  },
  place: { file: 'one.json', record: 'record 1' },
  storesTexts: true,
});

const read = (...tasks: unknown[]) => readAs('label-studio', { name: 'a.json', text: JSON.stringify(tasks) });
const entity = { label: 'PER', start: 0, end: 3, text: 'Ada' };
const document = { id: '5', text: 'Ada left', sentences: [], entities: [{ ...entity, score: 0.5 }] };
const data = { text: 'Ada left' };

describe('Label Studio', () => {
  const result = [
    {
      id: '1',
      from_name: 'label',
      to_name: 'text',
      type: 'labels',
      value: { start: 0, end: 3, text: 'Ada', labels: ['PER'] },
      score: 0.5,
    },
  ];

  it('writes what people said as annotations, its ids as numbers', () => {
    const task = JSON.parse(openRecords('label-studio').write(document));
    expect(task).toEqual({ id: 5, data, annotations: [{ result }] });
  });

  it('writes what was predicted as predictions', () => {
    const task = JSON.parse(openRecords('label-studio', { predicted: true }).write(document));
    expect(task).toEqual({ id: 5, data, predictions: [{ model_version: 'tagger', result }] });
  });

  it('keeps an id that is no number with the data, where it comes back from Label Studio', () => {
    const named = { ...document, id: 'folder/a.txt' };
    const task = JSON.parse(openRecords('label-studio').write(named));
    expect(task).toMatchObject({ data: { id: 'folder/a.txt' } });
    expect(task).not.toHaveProperty('id');
    const exported = { ...task, id: 1001, project: 3 };
    const [{ id, fields }] = read(exported).documents;
    expect({ id, fields }).toEqual({ id: 'folder/a.txt', fields: { id: 1001, project: 3 } });
  });

  it('puts fields back where they came from: those of the data and those of the task', () => {
    const task = {
      id: 5,
      data: { ...data, author: 'x' },
      annotations: [{ result: [] }],
      meta: { n: 1 },
      project: 3,
    };
    const [back] = read(task).documents;
    expect(back.fields).toEqual({ meta: { n: 1 }, project: 3, author: 'x' });
    expect(JSON.parse(openRecords('label-studio').write(back))).toEqual(task);
  });

  it('keeps a number and an id of its own apart', () => {
    const both = { ...document, fields: { id: 1001 } };
    expect(roundTrip('label-studio', [both], {})).toEqual([both]);
  });

  it('reads the first annotation that was not cancelled, and reports the others', () => {
    const annotations = [
      { was_cancelled: true, result: [region(4, 8, 'left', 'VERB')] },
      { was_cancelled: false, result: [region(0, 3, 'Ada', 'PER')] },
      { result: [] },
    ];
    const predictions = [{ result: [region(0, 8, 'Ada left', 'NO')] }];
    const { documents, ignored } = read({ data, annotations, predictions });
    expect(documents[0].entities).toEqual([entity]);
    const place = { file: 'a.json', record: 'record 1' };
    expect(ignored).toEqual([
      { what: 'cancelled annotation', place },
      { what: 'further annotation of the same text', place },
    ]);
  });

  it('reads predictions where there is no annotation', () => {
    const predictions = [{ score: 0.9, result: [{ ...region(0, 3, 'Ada', 'PER'), score: 0.7 }] }];
    for (const annotations of [undefined, [], [{ was_cancelled: true, result: [] }]]) {
      const [{ entities }] = read({ data, annotations, predictions }).documents;
      expect(entities).toEqual([{ ...entity, score: 0.7 }]);
    }
  });

  it('tells a task without entities from one that nobody has annotated', () => {
    const [none, unlabelled] = read({ data, annotations: [{ result: [] }] }, { data }).documents;
    expect([none.entities, unlabelled.entities]).toEqual([[], undefined]);
    expect(JSON.parse(openRecords('label-studio').write(unlabelled))).toEqual({
      data: { id: 'a.json#2', ...data },
    });
  });

  it('makes an entity of every label of a region, and reports regions of other kinds', () => {
    const choice = { from_name: 'c', to_name: 'text', type: 'choices', value: { choices: ['x'] } };
    const relation = { type: 'relation', from_id: '1', to_id: '2' };
    const all = [region(0, 3, 'Ada', 'PER', 'POET'), choice, relation, region(4, 8, 'left')];
    const { documents, ignored } = read({ data, annotations: [{ result: all }] });
    expect(documents[0].entities).toEqual([entity, { ...entity, label: 'POET' }]);
    expect(ignored.map(({ what, found }) => [what, JSON.parse(found ?? '')])).toEqual([
      ['region of type "choices"', choice],
      ['region of type "relation"', relation],
      ['region without a label', { start: 4, end: 8, text: 'left', labels: [] }],
    ]);
  });

  it('knows the line ends that Label Studio spells out in stored texts', () => {
    const text = 'New\nYork, Den\r\nHaag';
    const all = [region(0, 8, 'New\\nYork', 'PLACE'), region(10, 19, 'Den\\n\\nHaag', 'PLACE')];
    const [{ entities }] = read({ data: { text }, annotations: [{ result: all }] }).documents;
    expect(entities?.map(({ text }) => text)).toEqual(['New\nYork', 'Den\r\nHaag']);
  });

  it('reads JSON_MIN, whatever the key of its regions', () => {
    const values = [{ start: 0, end: 3, text: 'Ada', labels: ['PER'] }];
    const tasks = [
      { id: 1, text: 'Ada left', label: values, annotator: 1, annotation_id: 4 },
      { id: 2, text: 'Ada left', ner: values, scores: [1, 2] },
      { id: 3, text: 'Ada left', annotation_id: 5 },
      { id: 4, text: 'Ada left' },
    ];
    const { documents } = read(...tasks);
    expect(documents.map(({ id, entities, fields }) => [id, entities, fields])).toEqual([
      ['1', [entity], { annotator: 1, annotation_id: 4 }],
      ['2', [entity], { scores: [1, 2] }],
      ['3', [], { annotation_id: 5 }],
      ['4', undefined, undefined],
    ]);
  });

  it('says which part of a task has the wrong shape', () => {
    const broken = { type: 'labels', value: { start: '0', end: 3, labels: ['PER'] } };
    const tasks = [
      { data, annotations: [{ result: [broken] }] },
      { data: { body: 'Ada' } },
      { label: [] },
      { text: 'Ada', label: [{ start: 0, end: 3 }] },
    ];
    const place = (number: number, key: string) => ({ file: 'a.json', record: `record ${number}`, key });
    expect(problemsOf(() => read(...tasks))).toMatchObject([
      { message: 'wrong type', place: place(1, 'annotations.0.result.0.value.start'), found: '"0"' },
      { message: 'missing', place: place(2, 'data.text'), expected: 'string' },
      { message: 'missing', place: place(3, 'data') },
      { message: 'missing', place: place(4, 'label.0.labels') },
    ]);
  });
});
