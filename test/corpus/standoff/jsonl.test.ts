import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../src/corpus/standoff/index.js';
import { inOneSentence, problemsOf, readAs, standoffConformance } from '../../conformance/standoff.js';

standoffConformance({
  name: 'jsonl',
  unit: 'utf16',
  holds: inOneSentence,
  holdsLone: true,
  holdsLabels: ({ sentences, ...document }) => ({
    ...document,
    sentences: [
      {
        tokens: sentences.flatMap(({ tokens }) => tokens),
        columns: { pos: sentences.flatMap(({ columns }) => columns?.pos ?? []) },
        scores: sentences.flatMap(({ scores }) => scores ?? []),
      },
    ],
  }),
  file: (text, entities) => ({ name: 'one.jsonl', text: JSON.stringify({ text, entities }) }),
  place: { file: 'one.jsonl', line: 1 },
  storesTexts: true,
});

const read = (text: string, options = {}) => readAs('jsonl', { name: 'a.jsonl', text }, options);
const ada = { text: 'Ada', start: 0, end: 3 };

describe("tagger's own JSON lines", () => {
  const entities = [{ label: 'PER', ...ada, score: 0.9 }];
  const fields = { date: '2024', nbest: [] };

  it('have the keys of a prediction in order, its fields at the end', () => {
    const sentences = [{ tokens: [ada], columns: { ner: ['S-PER'] }, scores: [0.8] }];
    const document = { id: 'a', text: 'Ada', sentences, entities, fields };
    expect(openRecords('jsonl', { label: 'ner', predicted: true }).write(document)).toBe(
      '{"id":"a","text":"Ada","tokens":[{"text":"Ada","start":0,"end":3,"tag":"S-PER","score":0.8}],' +
        '"entities":[{"label":"PER","start":0,"end":3,"text":"Ada","score":0.9}],"date":"2024","nbest":[]}\n',
    );
  });

  it('leave out tags without scores, which say nothing that the entities do not', () => {
    const sentences = [{ tokens: [ada], columns: { ner: ['S-PER'] } }];
    const line = openRecords('jsonl', { label: 'ner' }).write({ id: 'a', text: 'Ada', sentences });
    expect(JSON.parse(line).tokens).toEqual([ada]);
    expect(JSON.parse(line).entities).toEqual([{ label: 'PER', ...ada }]);
  });

  it('have both lists where there was nothing to predict', () => {
    const document = { id: 'a', text: ' ', sentences: [] };
    expect(openRecords('jsonl', { scheme: 'none', predicted: true }).write(document)).toBe(
      '{"id":"a","text":" ","tokens":[],"entities":[]}\n',
    );
  });

  it('give way to their own keys with fields of the same name', () => {
    const document = { id: 'a', text: 'Ada', sentences: [], fields: { text: 'no', id: 'no', x: 1 } };
    expect(openRecords('jsonl').write(document)).toBe('{"id":"a","text":"Ada","x":1}\n');
  });

  it('are read with tags and scores', () => {
    const tokens = [{ ...ada, tag: 'S-PER', score: 0.8 }];
    const record = { id: 'a', text: 'Ada', tokens, entities, ...fields };
    const sentences = [{ tokens: [ada], columns: { ner: ['S-PER'] }, scores: [0.8] }];
    expect(read(JSON.stringify(record), { label: 'ner' }).documents).toEqual([
      { id: 'a', text: 'Ada', sentences, entities, fields },
    ]);
  });

  it('may be tokens alone, which stand in a text with spaces between them', () => {
    const records = '{"tokens":["😀","Ada"],"entities":[{"label":"PER","start":2,"end":5}]}';
    const [document] = read(records, { unit: 'codepoint' }).documents;
    expect(document).toEqual({
      id: 'a.jsonl#1',
      text: '😀 Ada',
      sentences: [
        {
          tokens: [
            { text: '😀', start: 0, end: 2 },
            { text: 'Ada', start: 3, end: 6 },
          ],
        },
      ],
      entities: [{ label: 'PER', text: 'Ada', start: 3, end: 6 }],
    });
  });

  it('may be one array', () => {
    const { documents, places } = read(' [{"text":"a","id":7},\n{"text":"b"}]');
    expect(documents.map(({ id }) => id)).toEqual(['7', 'a.jsonl#2']);
    expect(places).toEqual([
      { file: 'a.jsonl', record: 'record 1' },
      { file: 'a.jsonl', record: 'record 2' },
    ]);
  });

  it('may be one record over many lines', () => {
    expect(read('\ufeff{\n  "text": "Ada"\n}\n').documents).toEqual([
      { id: 'a.jsonl#1', text: 'Ada', sentences: [] },
    ]);
  });

  it('may have Windows line ends, blank lines and a byte order mark', () => {
    const { documents, places } = read('\ufeff\r\n{"text":"a"}\r\n\r\n{"text":"b"}');
    expect(documents.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(places.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('say all that is wrong in a file at once, with its place', () => {
    const lines = [
      '{"text":"Ada"',
      '3',
      '{"text":"Ada","tokens":["Ada"]}',
      '{"tokens":[{"text":"Ada","start":0,"end":3}]}',
      '{"id":"x","text":"Ada","tokens":[{"start":0,"end":3},{"start":2,"end":3}]}',
      '{"id":"y","text":"Ada B","tokens":[{"start":0,"end":3,"label":"N"},{"start":4,"end":5}]}',
      '{"id":"z","text":"Ada","tokens":[{"start":0,"end":3,"text":"Bob"}]}',
      '{"text":"Ada","entities":[{"start":0,"end":3}]}',
    ];
    const at = (line: number, more = {}) => ({ file: 'a.jsonl', line, ...more });
    expect(problemsOf(() => read(lines.join('\n')))).toEqual([
      {
        message: 'no JSON',
        place: at(1),
        expected: 'a JSON object a line, or one array of them',
        found: '{"text":"Ada"',
      },
      { message: 'wrong type', place: at(2), expected: 'object', found: '3' },
      {
        message: 'beside a text, tokens have their offsets: `{"text", "start", "end"}`',
        place: at(3, { key: 'tokens' }),
        found: '["Ada"]',
      },
      {
        message: 'without a text, `tokens` is a list of strings',
        place: at(4, { key: 'text' }),
        found: 'nothing',
      },
      {
        message: 'token "a" begins before the end of the one before it',
        place: at(5, { record: 'x' }),
        expected: 'at 3 or later',
        found: 'at 2',
      },
      {
        message: 'some tokens have no label',
        place: at(6, { record: 'y' }),
        expected: 'a label for all or none',
        found: '1 of 2',
      },
      {
        message: 'token 1 has another text than that at its offsets',
        place: at(7, { record: 'z' }),
        expected: '"Bob"',
        found: '"Ada" at 0 to 3',
        hint: undefined,
      },
      { message: 'missing', place: at(8, { key: 'entities.0.label' }), expected: 'string', found: 'nothing' },
    ]);
  });

  it('say what is wrong however much it is', () => {
    const entities = Array.from({ length: 80_000 }, () => ({ start: 0 }));
    const problems = problemsOf(() => read(JSON.stringify({ text: 'Ada', entities })));
    expect(problems).toHaveLength(160_000);
    expect(problems[0]).toMatchObject({ message: 'missing', place: { key: 'entities.0.end' } });
  });

  it('say the record of what is wrong in an array', () => {
    const text = '[{"text":"Ada"},{"text":"Ada","entities":[{"label":"PER","start":1,"end":9}]},{}]';
    expect(problemsOf(() => read(text))).toMatchObject([
      { place: { file: 'a.jsonl', record: 'record 2' }, found: '1 to 9' },
      { place: { file: 'a.jsonl', record: 'record 3', key: 'text' } },
    ]);
    expect(problemsOf(() => read('[{"text":"Ada"},'))).toMatchObject([
      { message: 'no JSON', place: { file: 'a.jsonl' } },
    ]);
  });

  for (const [what, text, found] of [
    ['no character', '', 'an empty file'],
    ['blank lines alone', '\n \r\n', ''],
    ['an array of nothing', '[]', '[]'],
  ]) {
    it(`are refused without a record: ${what}`, () => {
      expect(problemsOf(() => read(text))).toMatchObject([
        { message: 'the file has no record', place: { file: 'a.jsonl', line: 1 }, found },
      ]);
    });
  }
});
