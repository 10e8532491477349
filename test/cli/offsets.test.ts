/** The command on corpora of texts with offsets, made from the same sentences as those with columns. */
import { describe, expect, it } from 'vitest';
import { pipelineOf, type Row, sentences, tinyFiles, workspace } from '../support/workspace.js';

interface Record {
  readonly id: number;
  readonly text: string;
  readonly entities: readonly { readonly start: number; readonly end: number; readonly label: string }[];
}

/** Two sentences a record, a line each. */
function recordsOf(rows: readonly Row[][]): Record[] {
  return Array.from({ length: rows.length / 2 }, (_, id) => {
    let text = '';
    const entities: { start: number; end: number; label: string }[] = [];
    for (const { word, ner, separator } of rows.slice(2 * id, 2 * id + 2).flatMap(withSeparators)) {
      const start = text.length;
      text += word;
      const last = entities.at(-1);
      if (ner.startsWith('B-')) entities.push({ start, end: text.length, label: ner.slice(2) });
      else if (ner !== 'O' && last) last.end = text.length;
      text += separator;
    }
    return { id, text, entities };
  });
}

const withSeparators = (rows: readonly Row[]) =>
  rows.map((row, i) => ({ ...row, separator: i === rows.length - 1 ? '\n' : ' ' }));

const lines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const writers = {
  jsonl: (rows: readonly Row[][]) => lines(recordsOf(rows)),
  doccano: (rows: readonly Row[][]) =>
    lines(
      recordsOf(rows).map(({ id, text, entities }) => ({
        id,
        text,
        label: entities.map(({ start, end, label }) => [start, end, label]),
      })),
    ),
};

const cut = 'tokenizer: { kind: whitespace, sentences: lines }\n';
const [, network] = pipelineOf('conll').split(/\n(.*)/s);

/** `more`: keys of the corpus. */
const pipeline = (format: string, more = '', tokenizer = cut) =>
  `corpus: { format: ${format}, ${more} name: bakers, files: { train: train.${format}, dev: dev.${format}, test: test.${format} } }\n${tokenizer}${network}`;

function filesIn(format: keyof typeof writers): { [name: string]: string } {
  const write = writers[format];
  return {
    [`${format}.yaml`]: pipeline(format),
    [`train.${format}`]: write(sentences(24)),
    [`dev.${format}`]: write(sentences(8, 1)),
    [`test.${format}`]: write(sentences(8, 2)),
  };
}

const misaligned = `${lines([
  { id: 'whole', text: 'Ada sails .', entities: [{ start: 0, end: 3, label: 'PER' }] },
  { id: 'part', text: '😂 near Port-Elena .', entities: [{ start: 13, end: 18, label: 'LOC' }] },
])}`;

describe('a corpus of texts with offsets', () => {
  const space = workspace({
    ...tinyFiles(),
    ...filesIn('jsonl'),
    ...filesIn('doccano'),
    'odd.jsonl': misaligned,
  });
  space.write('columns.yaml', pipelineOf('conll').replace('\n', `\n${cut}`));

  it('trains to the same model as the same corpus in columns, and scores the same', () => {
    const train = (name: string) => {
      const { status, stdout, stderr } = space.run(['train', `${name}.yaml`, '--json', '--epochs', '2']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('warning') });
      const { hash, dev, test } = JSON.parse(stdout);
      return { hash, dev, test };
    };
    const expected = train('columns');
    expect(train('doccano')).toEqual(expected);
    expect(train('jsonl')).toEqual(expected);
    const evaluate = (...args: string[]) => {
      const { status, stdout, stderr } = space.run(['evaluate', ...args, '--json']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout);
    };
    expect(evaluate('models/columns', 'test.doccano', '--format', 'doccano')).toEqual(expected.test);
    expect(evaluate('models/doccano', 'test.doccano')).toEqual(expected.test);
    expect(evaluate('models/doccano', 'test.txt', '--format', 'conll', '--columns', 'word,_,ner')).toEqual(
      expected.test,
    );
  });

  describe('with an entity inside a token', () => {
    it('is not trained on: the record and the edges of its tokens are named', () => {
      space.write('strict.yaml', pipeline('jsonl').replace('train.jsonl', '[train.jsonl, odd.jsonl]'));
      const { status, stdout, stderr } = space.run(['train', 'strict.yaml', '--epochs', '1']);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(
        /^error E_CORPUS_FORMAT: .*odd\.jsonl:2 part: entity LOC begins or ends inside a token\n {2}expected: "Port-Elena" 8–18\n {2}found: "Elena" 13–18\n {2}try: align/,
      );
    });

    it.each([
      ['expand', 'expanded'],
      ['drop', 'dropped'],
    ])('is trained on under align: %s, with a warning', (align, outcome) => {
      space.write(
        'loose.yaml',
        pipeline('jsonl', `align: ${align},`).replace('train.jsonl', '[train.jsonl, odd.jsonl]'),
      );
      const { status, stderr } = space.run(['train', 'loose.yaml', '--epochs', '1', '--force']);
      expect(status).toBe(0);
      expect(stderr).toContain(
        `warning: 1 entity in corpus bakers is no run of tokens as annotated: 1 ${outcome}; tagger corpus check lists them\n`,
      );
    });

    it('is scored on under --align, with a warning', () => {
      const args = ['evaluate', 'models/jsonl', 'odd.jsonl', '--align', 'contract', '--json'];
      const { status, stdout, stderr } = space.run(args);
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: expect.stringMatching(/^warning: .* 1 dropped; /),
      });
      expect(JSON.parse(stdout)).toMatchObject({ sentences: 2, tokens: 7 });
      expect(space.run(['evaluate', 'models/jsonl', 'odd.jsonl'])).toMatchObject({ status: 2, stdout: '' });
    });

    it('is listed by corpus check of the file, whatever is done with it', () => {
      const { status, stdout } = space.run(['corpus', 'check', 'odd.jsonl']);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^1 entity is no run of tokens as annotated/m);
      expect(stdout).toMatch(
        /^odd\.jsonl:2 part +LOC +"Elena" 13–18 +begins or ends inside a token +"Port-Elena" 8–18 +refused$/m,
      );
      expect(stdout).toMatch(/^warning: training refuses 1 entity: /m);
      const args = ['corpus', 'check', 'odd.jsonl', '--align', 'expand', '--json'];
      expect(JSON.parse(space.run(args).stdout).misaligned).toEqual([
        {
          entity: { label: 'LOC', start: 13, end: 18, text: 'Elena' },
          reasons: ['edges'],
          outcome: 'expanded',
          outer: { start: 8, end: 18, text: 'Port-Elena' },
          place: { file: 'odd.jsonl', line: 2, record: 'part' },
        },
      ]);
    });

    it('is listed by corpus check of the pipeline, for all splits', () => {
      const args = ['corpus', 'check', 'strict.yaml', '--json'];
      const { misaligned, warnings, sizes } = JSON.parse(space.run(args).stdout);
      expect(misaligned).toMatchObject([{ outcome: 'refused', place: { record: 'part' } }]);
      expect(warnings).toContainEqual(expect.stringMatching(/^training refuses 1 entity/));
      expect(sizes.train.sentences).toBe(26);
    });
  });

  it('with many misaligned entities has the first 20 of them in the table and all in the JSON', () => {
    const record = { text: 'Port-Elena', entities: [{ start: 5, end: 10, label: 'LOC' }] };
    space.write('many.jsonl', lines(Array.from({ length: 23 }, () => record)));
    const { stdout } = space.run(['corpus', 'check', 'many.jsonl']);
    expect(stdout.match(/^many\.jsonl:\d+ /gm)).toHaveLength(20);
    expect(stdout).toMatch(/^… and 3 more: --json$/m);
    const found = JSON.parse(space.run(['corpus', 'check', 'many.jsonl', '--json']).stdout);
    expect(found.misaligned).toHaveLength(23);
  });
});
