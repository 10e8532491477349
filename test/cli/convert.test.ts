import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leftovers, sentences, workspace } from '../support/workspace.js';

const rows = sentences(12);
const columns = rows
  .map((sentence) => sentence.map(({ word, ner }) => `${word} ${ner}\n`).join(''))
  .join('\n');
const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const odd = lines(
  { id: 1, text: '😂 near Port-Elena .', label: [[13, 18, 'LOC']] },
  {
    id: 2,
    text: 'Ada Weller sails .',
    label: [
      [0, 11, 'PER'],
      [4, 10, 'NAME'],
    ],
  },
);
const space = workspace({ 'a.txt': columns, 'odd.jsonl': odd });

function convert(...args: string[]): string {
  const { status, stdout, stderr } = space.run(['convert', ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const read = (name: string) => readFileSync(space.path(name), 'utf8');
const whole = ['--tokenizer', 'whitespace', '--sentences', 'lines'];

describe('tagger convert', () => {
  it('gives the same words and tags back from columns by way of an annotation tool', () => {
    convert('a.txt', '--columns', 'word,ner', '--to', 'doccano', '-o', 'tool.jsonl');
    const [first] = read('tool.jsonl').split('\n');
    expect(JSON.parse(first)).toMatchObject({
      text: expect.stringMatching(/^Ada Weller opened a bakery in Brookhaven \.\nThe mayor /),
      label: expect.arrayContaining([
        [0, 10, 'PER'],
        [30, 40, 'LOC'],
      ]),
    });
    expect(convert('tool.jsonl', '--from', 'doccano', '-o', 'back.conll', ...whole)).toBe('');
    expect(read('back.conll').trimEnd()).toBe(columns.trimEnd());
  });

  it('writes to stdout where nothing else is said, in the scheme that is asked for', () => {
    const args = ['a.txt', '--from', 'conll', '--columns', 'word,ner', '--to', 'conll', '--tags', 'bioes'];
    expect(convert(...args)).toMatch(
      /^Ada B-PER\nWeller E-PER\nopened O\na O\nbakery O\nin O\nBrookhaven S-LOC\n/,
    );
  });

  it('makes a folder of files for a format of several files a document, and reads it', () => {
    convert('odd.jsonl', '--from', 'doccano', '--to', 'brat', '-o', 'brat');
    expect(read('brat/1.ann')).toBe('T1\tLOC 12 17\tElena\n');
    expect(read('brat/2.txt')).toBe('Ada Weller sails .');
    const files = ['1.ann', '1.txt', '2.txt'].map((name) => `brat/${name}`);
    const back = convert(...files, '--from', 'brat', '--to', 'doccano')
      .trimEnd()
      .split('\n');
    expect(back.map((line) => JSON.parse(line).label)).toEqual([
      [[13, 18, 'LOC']],
      [
        [0, 11, 'PER'],
        [4, 10, 'NAME'],
      ],
    ]);
    expect(space.run(['convert', 'odd.jsonl', '--from', 'doccano', '--to', 'brat'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('-o FOLDER'),
    });
  });

  it('counts offsets as it is told, in and out', () => {
    const args = [
      'odd.jsonl',
      '--from',
      'doccano',
      '--to',
      'doccano',
      '--offsets',
      'codepoint',
      '-o',
      'points.jsonl',
    ];
    convert(...args);
    expect(JSON.parse(read('points.jsonl').split('\n')[0]).label).toEqual([[12, 17, 'LOC']]);
    const back = ['points.jsonl', '--from', 'doccano', '--to', 'jsonl', '--input-offsets', 'codepoint'];
    expect(JSON.parse(convert(...back).split('\n')[0]).entities).toMatchObject([
      { start: 13, end: 18, text: 'Elena' },
    ]);
  });

  it('is told by the endings of files where these say it all', () => {
    convert('a.txt', '--columns', 'word,ner', '-o', 'a.jsonl');
    convert('a.jsonl', '-o', 'a.conllu');
    expect(read('a.conllu')).toMatch(/^1\tAda\t.*NER=B-PER/m);
    for (const args of [['a.txt', '--to', 'jsonl'], ['a.jsonl', '-o', 'a.json'], ['a.jsonl']]) {
      const { status, stdout, stderr } = space.run(['convert', ...args]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^error E_USAGE: .*not known\n/);
    }
  });
});

describe('entities that do not fit the tokens of the target', () => {
  const toColumns = ['convert', 'odd.jsonl', '--from', 'doccano', '--to', 'conll', ...whole];

  it('are refused with their records, and what stood there before stays', () => {
    space.write('kept.conll', 'kept');
    const { status, stdout, stderr } = space.run([...toColumns, '-o', 'kept.conll']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error E_CORPUS_FORMAT: odd\.jsonl:1 1: entity LOC begins or ends inside a token\n {2}expected: "Port-Elena" 8–18\n/,
    );
    expect(stderr).toMatch(/^odd\.jsonl:2 2: entity NAME overlaps another one$/m);
    expect(read('kept.conll')).toBe('kept');
    expect(space.run([...toColumns, '-o', 'new.conll']).status).toBe(2);
    expect(existsSync(space.path('new.conll'))).toBe(false);
    expect(leftovers(space.list())).toEqual([]);
  });

  it('are listed with what was done, all of them', () => {
    const { status, stdout, stderr } = space.run([...toColumns, '--align', 'expand']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Port-Elena B-LOC$/m);
    expect(stderr).toMatch(/"Elena" 13–18 +begins or ends inside a token +"Port-Elena" 8–18 +expanded$/m);
    expect(stderr).toMatch(/"Ada Weller " 0–11 +has white space at its edges +"Ada Weller" 0–10 +kept$/m);
    expect(stderr).toMatch(/"Weller" 4–10 +overlaps another one +.* dropped, PER "Ada Weller " 0–11 stays$/m);
    space.write('many.jsonl', odd.repeat(15));
    const many = space.run([...toColumns.with(1, 'many.jsonl'), '--align', 'drop']);
    expect(many.stderr.match(/^many\.jsonl:/gm)).toHaveLength(45);
  });

  it('are aligned from one format of offsets to another where that is asked for', () => {
    const args = [
      'convert',
      'odd.jsonl',
      '--from',
      'doccano',
      '--to',
      'doccano',
      '--align',
      'expand',
      ...whole,
    ];
    const { status, stdout } = space.run(args);
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).label),
    ).toEqual([[[8, 18, 'LOC']], [[0, 10, 'PER']]]);
  });
});

it('what the target cannot hold is named, and nothing is written', () => {
  const tokens = [{ start: 0, end: 5 }];
  space.write('wide.jsonl', lines({ id: 'w', text: 'a  bc', tokens, entities: [] }));
  const { status, stdout, stderr } = space.run([
    'convert',
    'wide.jsonl',
    '--to',
    'conll',
    '-o',
    'wide.conll',
  ]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^error E_DOCUMENT: w .*\n/);
  expect(existsSync(space.path('wide.conll'))).toBe(false);
});

it('a tokenizer that needs options cannot be had by its kind alone', () => {
  const args = ['convert', 'odd.jsonl', '--from', 'doccano', '--to', 'conll', '--tokenizer', 'regexp'];
  expect(space.run(args)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error E_USAGE: --tokenizer/),
  });
});

it('an output that cannot be written is said, and leaves nothing', () => {
  const args = ['a.txt', '--columns', 'word,ner', '--to', 'jsonl', '-o', 'none/there/a.jsonl'];
  expect(space.run(['convert', ...args])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error E_WRITE: /),
  });
  expect(space.list().filter((name) => name.startsWith('none'))).toEqual([]);
});
